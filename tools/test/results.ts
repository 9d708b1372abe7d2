import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Results = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/** What became of one test file. */
export interface FileResult {
  /** Absolute. */
  path: string;
  passed: number;
  /** Skipped tests are failures, and so is a file that could not start. */
  failed: number;
  seconds: number;
}

/** Reads the JSON that Jest wrote. A run without it, or one that failed with no failed test, is a failure of the file `jest`. */
export function readResults(path: string, exitCode: number | null): FileResult[] {
  const files = readFiles(path);
  if (files.some(({ failed }) => failed > 0)) return files;
  const isBroken = exitCode !== 0 || files.every(({ passed }) => passed === 0);
  return isBroken ? [...files, { path: 'jest', passed: 0, failed: 1, seconds: 0 }] : files;
}

function readFiles(path: string): FileResult[] {
  try {
    const { testResults } = Results.parse(JSON.parse(readFileSync(path, 'utf8')));
    return testResults.map(({ name, status, startTime, endTime, assertionResults }) => {
      const passed = assertionResults.filter((test) => test.status === 'passed').length;
      const failed = assertionResults.length - passed;
      return {
        path: name,
        passed,
        failed: status === 'failed' ? Math.max(failed, 1) : failed,
        seconds: Math.max(0, endTime - startTime) / 1_000,
      };
    });
  } catch {
    return [];
  }
}
