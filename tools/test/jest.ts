import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Layer } from './layers.ts';

export interface Count {
  layer: string;
  passed: number;
  failed: number;
  seconds: number;
}

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

/** Runs one layer and counts its tests. What it prints appears when it is over, so that lanes do not mix. */
export async function runLayer({ name, workers }: Layer): Promise<Count> {
  const output = join(mkdtempSync(join(tmpdir(), 'pipeline-test-')), 'results.json');
  const startedAt = performance.now();
  // Jest tells its story on standard error; standard output has the JSON a second time.
  const child = spawn(
    process.execPath,
    [...JEST, '--selectProjects', name, '--json', '--outputFile', output, '--forceExit', `--maxWorkers=${workers}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const story: Buffer[] = [];
  child.stderr.on('data', (text: Buffer) => story.push(text));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  process.stderr.write(`\n== ${name}\n${Buffer.concat(story)}`);
  return { ...count(name, output, exitCode), seconds: Math.round((performance.now() - startedAt) / 1000) };
}

/** Runs the test files whose path contains one of the patterns, of whatever layer. Returns the exit code. */
export async function runFiles(patterns: string[]): Promise<number> {
  const child = spawn(process.execPath, [...JEST, '--forceExit', ...patterns], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

/** A suite that could not even start has no tests that failed: it counts as one. */
function count(layer: string, output: string, exitCode: number | null) {
  try {
    const results: Record<string, unknown> = JSON.parse(readFileSync(output, 'utf8'));
    const number = (name: string) => Number(results[name] ?? 0);
    const failed = number('numFailedTests') + number('numRuntimeErrorTestSuites') + number('numPendingTests');
    const passed = number('numPassedTests');
    return { layer, passed, failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed };
  } catch {
    return { layer, passed: 0, failed: 1 };
  }
}
