import { relative } from 'node:path';
import { runJest } from './jest.ts';
import { layerOf, type Stage } from './layers.ts';
import type { FileResult } from './results.ts';

export interface StageResult {
  files: FileResult[];
  /** From start to end. */
  seconds: number;
  /** Files that passed only when they ran a second time, alone. */
  unsteady: string[];
}

/** More failed files than these are a fault, and not a busy machine. */
const SECOND_RUN_FILES_MAX = 3;

/** Runs the layers of a stage. Files that failed run once more, alone, where they share the machine with real servers. */
export async function runStage({ layers, workers, hasSecondRun = false }: Stage): Promise<StageResult> {
  const startedAt = performance.now();
  const names = layers.map(({ name }) => name);
  const first = await runJest(['--selectProjects', ...names, `--maxWorkers=${workers}`]);
  const suspects = first.filter(({ failed }) => failed > 0).map(({ path }) => path);
  const isRepeated = hasSecondRun && suspects.length > 0 && suspects.length <= SECOND_RUN_FILES_MAX;
  const second = isRepeated ? await runJest(['--runInBand', '--runTestsByPath', ...suspects]) : [];
  const isSecond = new Set(second.map(({ path }) => path));
  return {
    files: [...first.filter(({ path }) => !isSecond.has(path)), ...second],
    seconds: (performance.now() - startedAt) / 1_000,
    unsteady: second.filter(({ failed }) => failed === 0).map(({ path }) => relative(process.cwd(), path)),
  };
}

/** `unit: 1517 passed, 0 failed, 95 s in 134 files`, for each layer. */
export function describeLayers({ layers }: Stage, { files }: StageResult): string[] {
  const sum = (own: FileResult[], field: 'passed' | 'failed' | 'seconds') =>
    own.reduce((total, file) => total + file[field], 0);
  return layers.map(({ name }) => {
    const own = files.filter(({ path }) => layerOf(path) === name);
    const seconds = Math.round(sum(own, 'seconds'));
    return `${name}: ${sum(own, 'passed')} passed, ${sum(own, 'failed')} failed, ${seconds} s in ${own.length} files`;
  });
}
