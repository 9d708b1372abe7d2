import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { programEnvironment } from '@pipeline/testing';

const MAIN = join(import.meta.dirname, 'demo-tap', 'src', 'main.ts');

/** A process starts in seconds on a machine that is busy. */
export const PATIENT = { timeoutMs: 40_000 };

/** The demo tap as a process of its own. */
export interface DemoProcess {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  exited: Promise<number | NodeJS.Signals | null>;
}

export function startDemoTap(args: string[], environment: Record<string, string> = {}): DemoProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...programEnvironment(), ...environment },
    cwd: import.meta.dirname,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = once(child, 'close').then(([code, signal]: unknown[]) =>
    typeof code === 'number' ? code : (signal as NodeJS.Signals | null),
  );
  return { child, stdout: () => stdout, stderr: () => stderr, exited };
}
