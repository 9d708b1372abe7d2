import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Layer } from './layers.ts';
import { readResults } from './results.ts';

export interface Count {
  layer: string;
  passed: number;
  failed: number;
  seconds: number;
  /** Files that passed only when they ran a second time, alone. */
  unsteady: string[];
}

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

/** More failed files than these are a fault, and not a busy machine. */
const SECOND_RUN_FILES_MAX = 3;

/** Runs one layer and counts its tests. Files that failed run once more, alone, where the layer shares the machine with real servers. */
export async function runLayer(layer: Layer): Promise<Count> {
  const startedAt = performance.now();
  const first = await runJest(layer.name, [`--maxWorkers=${layer.workers}`]);
  const hasSecondRun = layer.hasSecondRun === true && first.failedFiles.length <= SECOND_RUN_FILES_MAX;
  const suspects = hasSecondRun ? first.failedFiles : [];
  const second =
    suspects.length > 0 ? await runJest(layer.name, ['--runInBand', '--runTestsByPath', ...suspects]) : undefined;
  return {
    layer: layer.name,
    passed: first.passed + (second?.passed ?? 0) - (second ? first.passedInFailedFiles : 0),
    failed: second ? second.failed : first.failed,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    unsteady: suspects
      .filter((file) => second?.failedFiles.includes(file) === false)
      .map((file) => relative(process.cwd(), file)),
  };
}

/** What Jest prints appears when it is over, so that lanes do not mix. */
async function runJest(layer: string, options: string[]) {
  const output = join(mkdtempSync(join(tmpdir(), 'pipeline-test-')), 'results.json');
  // Jest tells its story on standard error; standard output has the JSON a second time.
  const child = spawn(
    process.execPath,
    [...JEST, '--selectProjects', layer, '--json', '--outputFile', output, '--forceExit', ...options],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const story: Buffer[] = [];
  child.stderr.on('data', (text: Buffer) => story.push(text));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  process.stderr.write(`\n== ${layer}\n${Buffer.concat(story)}`);
  return readResults(output, exitCode);
}

/** Runs the test files whose path contains one of the patterns, of whatever layer. Returns the exit code. */
export async function runFiles(patterns: string[]): Promise<number> {
  const child = spawn(process.execPath, [...JEST, '--forceExit', ...patterns], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}
