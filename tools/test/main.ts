import { spawnSync } from 'node:child_process';
import { CONNECTIONS_VARIABLE, startTestStack } from '@pipeline/testing';
import { type Count, runFiles, runLayer } from './jest.ts';
import { LAYERS, type Layer, STAGES } from './layers.ts';

// `npm test`: all layers. `npm test -- unit e2e`: these. `npm test -- --bail`: ends after the first stage that failed.
// `npm test -- libs/broker` or `-- publisher`: the test files whose path contains that, of whatever layer, with the servers they need.

const args = process.argv.slice(2);
const isBail = args.includes('--bail');
const names = args.filter((argument) => argument !== '--bail');
const areLayers = names.every((name) => LAYERS.some((layer) => layer.name === name));

process.exitCode = areLayers ? await runLayers() : await runFiles(names);

async function runLayers(): Promise<number> {
  const stages = STAGES.map((stage) => stage.map((lane) => lane.filter(isWanted)));
  const stack = stages.flat(2).some(({ needsServers }) => needsServers) ? await startTestStack() : undefined;
  if (stack !== undefined) process.env[CONNECTIONS_VARIABLE] = JSON.stringify(stack.connections);
  const counts = await runStages(stages).finally(() => stack?.stop());
  process.stdout.write('\n');
  for (const { layer, passed, failed, seconds, unsteady } of counts) {
    process.stdout.write(`${layer}: ${passed} passed, ${failed} failed, ${seconds} s\n`);
    for (const file of unsteady) process.stdout.write(`  unsteady: ${file} passed only in its second run\n`);
  }
  const sum = (field: 'passed' | 'failed') => counts.reduce((total, count) => total + count[field], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}

async function runStages(stages: Layer[][][]): Promise<Count[]> {
  const counts: Count[] = [];
  for (const stage of stages) {
    counts.push(...(await Promise.all(stage.map(runLane))).flat());
    if (isBail && counts.some(({ failed }) => failed > 0)) break;
  }
  return counts;
}

async function runLane(layers: Layer[]): Promise<Count[]> {
  const counts: Count[] = [];
  for (const layer of layers) counts.push(await runLayer(layer));
  return counts;
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
