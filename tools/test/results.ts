import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Results = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/** What one run of Jest came to. */
export interface RunResults {
  passed: number;
  /** Skipped tests and suites that could not start are failures. */
  failed: number;
  /** Absolute paths. */
  failedFiles: string[];
  passedInFailedFiles: number;
}

/** Reads the JSON that Jest wrote. A run without it, or one that failed with no failed test, counts as one failure. */
export function readResults(path: string, exitCode: number | null): RunResults {
  let results: z.infer<typeof Results>;
  try {
    results = Results.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return { passed: 0, failed: 1, failedFiles: [], passedInFailedFiles: 0 };
  }
  const passed = results.numPassedTests;
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + results.numPendingTests;
  const failedFiles = results.testResults.filter(({ status }) => status === 'failed');
  return {
    passed,
    failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed,
    failedFiles: failedFiles.map(({ name }) => name),
    passedInFailedFiles: failedFiles
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed').length,
  };
}
