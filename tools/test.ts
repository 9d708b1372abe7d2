import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Runs the layers of tests one after another, cheapest first, and says how many tests ran in each: `node tools/test.ts [layer …]`.
// Nothing is skipped in silence: the container tests need a Docker engine, and CI, which has one, insists on it.

interface Count {
  layer: string;
  passed: number;
  failed: number;
}

const LAYERS = ['unit', 'simulation', 'integration', 'conformance', 'e2e', 'chaos', 'containers'];
/** Their test files share nothing but the servers. */
const PARALLEL = new Set(['unit', 'simulation', 'conformance', 'integration', 'chaos']);
const wanted = process.argv.slice(2);
const counts: Count[] = [];

for (const layer of LAYERS.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  if (layer === 'containers' && process.env['CI'] !== 'true' && !hasDockerEngine()) {
    process.stdout.write('\ncontainers: not run, no Docker engine answers here; CI runs them\n');
    continue;
  }
  process.stdout.write(`\n== ${layer}\n`);
  counts.push(await run(layer));
}

process.stdout.write('\n');
for (const { layer, passed, failed } of counts) process.stdout.write(`${layer}: ${passed} passed, ${failed} failed\n`);
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

async function run(layer: string): Promise<Count> {
  const output = join(mkdtempSync(join(tmpdir(), 'pipeline-test-')), 'results.json');
  const jest = [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
    ...['--selectProjects', layer, '--json', '--outputFile', output, '--forceExit'],
    ...(PARALLEL.has(layer) ? ['--maxWorkers=2'] : ['--runInBand']),
  ];
  // Jest tells its story on standard error; standard output has the JSON a second time.
  const exitCode = await new Promise<number | null>((resolve) =>
    spawn(process.execPath, jest, { stdio: ['ignore', 'ignore', 'inherit'] }).once('close', resolve),
  );
  return count(layer, output, exitCode);
}

/** A suite that could not even start has no tests that failed: it counts as one. */
function count(layer: string, output: string, exitCode: number | null): Count {
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

function hasDockerEngine(): boolean {
  return spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;
}
