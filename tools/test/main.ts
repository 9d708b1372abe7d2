import { spawnSync } from 'node:child_process';
import { CONNECTIONS_VARIABLE, startTestStack } from '@pipeline/testing';
import { runFiles } from './jest.ts';
import { LAYERS, type Layer, STAGES, type Stage } from './layers.ts';
import { describeLayers, runStage } from './stage.ts';

// `npm test`: all layers. `npm test -- unit e2e`: these. `npm test -- --bail`: ends after the first stage that failed.
// `npm test -- libs/broker` or `-- publisher`: the test files whose path contains that, of whatever layer, with the servers they need.

const args = process.argv.slice(2);
const isBail = args.includes('--bail');
const names = args.filter((argument) => argument !== '--bail');
const areLayers = names.every((name) => LAYERS.some((layer) => layer.name === name));

process.exitCode = areLayers ? await runLayers() : await runFiles(names);

async function runLayers(): Promise<number> {
  const stages = STAGES.map((stage) => ({ ...stage, layers: stage.layers.filter(isWanted) })).filter(
    ({ layers }) => layers.length > 0,
  );
  const needsServers = stages.some(({ layers }) => layers.some((layer) => layer.needsServers));
  const stack = needsServers ? await startTestStack() : undefined;
  if (stack !== undefined) process.env[CONNECTIONS_VARIABLE] = JSON.stringify(stack.connections);
  return runStages(stages).finally(() => stack?.stop());
}

async function runStages(stages: Stage[]): Promise<number> {
  const lines: string[] = [];
  const total = { passed: 0, failed: 0 };
  for (const stage of stages) {
    const result = await runStage(stage);
    for (const { passed, failed } of result.files) {
      total.passed += passed;
      total.failed += failed;
    }
    lines.push(...describeLayers(stage, result), `  together in ${Math.round(result.seconds)} s`);
    lines.push(...result.unsteady.map((file) => `  unsteady: ${file} passed only in its second run`));
    if (isBail && total.failed > 0) break;
  }
  process.stdout.write(`\n${lines.join('\n')}\n${total.passed} passed, ${total.failed} failed\n`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** Nothing is skipped in silence: container tests need a Docker engine, and CI, which has one, insists on it. */
function isWanted({ name, needsDocker = false }: Layer): boolean {
  if (names.length > 0 && !names.includes(name)) return false;
  if (!needsDocker || process.env['CI'] === 'true' || hasDockerEngine()) return true;
  process.stdout.write(`${name}: not run, no Docker engine responds here; CI runs it\n`);
  return false;
}

function hasDockerEngine(): boolean {
  return spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;
}
