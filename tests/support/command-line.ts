import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { programEnvironment } from '@pipeline/testing';
import type { Platform } from './platform.ts';

const MAIN = join(import.meta.dirname, '../../services/cli/src/main.ts');
/** A command that goes on for ever is ended when it has said something, as by Ctrl+C. */
const ENDLESS = /--watch|-f\b/;
/** What a shell says of a program that Ctrl+C has ended. */
const INTERRUPTED = 130;

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `pipeline`, as a process in this folder, against the platform's scheduler. */
export type CommandLine = (args: string[]) => Promise<CommandResult>;

export function commandLine(platform: Platform, cwd: string): CommandLine {
  const env = {
    ...programEnvironment(),
    ...platform.database.environment,
    ...{ PIPELINE_URL: platform.service('scheduler').url(), PIPELINE_TOKEN: platform.apiToken },
  };
  return (args) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      ...{ env, cwd },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return resultOf(child, ENDLESS.test(args.join(' ')));
  };
}

function resultOf(child: ChildProcess, isEndless: boolean): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk) => {
      output[name] += String(chunk);
      if (isEndless && !child.killed) child.kill('SIGINT');
    });
  }
  child.on('error', reject).on('close', (code, signal) => {
    // One that ends by itself at that moment no longer has its handler of the signal.
    resolve({ code: signal === 'SIGINT' ? INTERRUPTED : code, ...output });
  });
  return promise;
}

/** The words of a line as a shell has them: quotes, and no comment. */
export function wordsOf(line: string): string[] {
  const words = line.replace(/\s#.*$/, '').match(/"[^"]*"|\S+/g) ?? [];
  return words.map((word) => word.replace(/^"(.*)"$/, '$1'));
}
