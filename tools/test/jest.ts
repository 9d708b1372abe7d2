import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileResult, readResults } from './results.ts';

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

/** Runs Jest with these options, which says on standard error what it does. */
export async function runJest(options: string[]): Promise<FileResult[]> {
  const output = join(mkdtempSync(join(tmpdir(), 'pipeline-test-')), 'results.json');
  // Jest tells its story on standard error; standard output has the JSON a second time.
  const child = spawn(process.execPath, [...JEST, '--json', '--outputFile', output, '--forceExit', ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return readResults(output, exitCode);
}

/** Runs the test files whose path contains one of the patterns, of whatever layer. Returns the exit code. */
export async function runFiles(patterns: string[]): Promise<number> {
  const child = spawn(process.execPath, [...JEST, '--forceExit', ...patterns], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}
