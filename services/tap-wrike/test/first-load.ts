import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { emptyState, parseMessage, type RecordMessage } from '@pipeline/singer';
import { discoverCatalog } from '@pipeline/tap-kit';
import { ModelWarehouse, type StreamRead } from '@pipeline/tap-kit/testing';
import { type Sandbox, startSandbox } from '../../sandbox/src/sandbox.ts';
import { tap } from '../src/tap.ts';
import { sandboxSettings } from './sandbox.ts';

/** Reads an account of any size with the executable, at the pace that Wrike allows, and compares every stream and bridge row by row with what the
 *  account holds: `npm run first-load --workspace services/tap-wrike -- --tasks 100000 [--streams tasks,timelogs] [--requests-per-minute 400]`. */
const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '100000' },
    streams: { type: 'string' },
    'requests-per-minute': { type: 'string', default: '400' },
  },
});
const TASKS_PER_DEAL = 2;
const MEMORY_POLL_MS = 100;
/** As in docker-compose.yml. */
const MEMORY_OPTIONS = ['--max-semi-space-size=8', '--max-old-space-size=96'];
const perMinute = Number(values['requests-per-minute']);
const folder = await mkdtemp(join(tmpdir(), 'first-load-'));
const sandbox = await startSandbox({
  deals: Number(values.tasks) / TASKS_PER_DEAL,
  only: ['wrike'],
  rateLimitFactor: perMinute / 400,
});
try {
  const run = await extract(sandbox, values.streams?.split(','));
  const requests = sandbox.requests.list().filter(({ source }) => source === 'wrike');
  const total = requests.reduce((sum, one) => sum + one.requests, 0);
  print({
    exitCode: run.exitCode,
    seconds: run.ms / 1_000,
    memoryMaxMb: run.memoryMaxMb,
    requests: total,
    shareOfRate: total / (run.ms / 60_000) / perMinute,
    byPath: Object.fromEntries(requests.map(({ path, byStatus }) => [path, byStatus])),
  });
  print(await compare(sandbox, run.streams));
} finally {
  await sandbox.stop();
  await rm(folder, { recursive: true });
}

async function extract(source: Sandbox, only: string[] | undefined) {
  const catalog = discoverCatalog(tap);
  const streams = catalog.streams.map(({ tap_stream_id: id }) => id).filter((id) => only?.includes(id) ?? true);
  const chosen = catalog.streams.map((stream) => ({
    ...stream,
    metadata: [{ breadcrumb: [], metadata: { selected: streams.includes(stream.tap_stream_id) } }],
  }));
  const settings = { ...sandboxSettings(source.url('wrike')), requests_per_minute: Math.min(perMinute, 400) };
  await writeFile(join(folder, 'config.json'), JSON.stringify(settings));
  await writeFile(join(folder, 'catalog.json'), JSON.stringify({ streams: chosen }));
  const startedAt = performance.now();
  const tapMain = new URL('../src/main.ts', import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    [...MEMORY_OPTIONS, tapMain, '--config', join(folder, 'config.json'), '--catalog', join(folder, 'catalog.json')],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  child.stdout.pipe(createWriteStream(join(folder, 'messages.jsonl')));
  let memoryMaxMb = 0;
  const poll = setInterval(() => {
    void readFile(`/proc/${child.pid}/status`, 'utf8')
      .then((status) => {
        memoryMaxMb = Math.max(memoryMaxMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
      })
      .catch(() => undefined);
  }, MEMORY_POLL_MS);
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(poll);
  return { exitCode, streams, memoryMaxMb, ms: performance.now() - startedAt };
}

async function compare(source: Sandbox, streams: string[]): Promise<object> {
  const warehouse = new ModelWarehouse(tap.streams);
  for await (const line of createInterface({ input: createReadStream(join(folder, 'messages.jsonl')) })) {
    const message = parseMessage(line);
    if (!isRecord(message)) continue;
    const { stream: name, record } = message;
    const stream = tap.streams.find((one) => [one, ...(one.children ?? [])].some((shape) => shape.name === name));
    if (stream === undefined) throw new RangeError(`no stream ${name}`);
    warehouse.load({ ...emptyRead(stream), steps: [{ stream: name, records: [record] }] });
  }
  const found = streams.map((stream) => warehouse.differences(source.truth('wrike', stream)));
  return {
    rows: Object.fromEntries(streams.map((stream) => [stream, warehouse.live(stream).size])),
    differences: found.reduce((sum, { length }) => sum + length, 0),
    examples: found.flatMap((differences) => differences.slice(0, 3)),
  };
}

function isRecord(message: { type: string }): message is RecordMessage {
  return message.type === 'RECORD';
}

function emptyRead(stream: (typeof tap.streams)[number]): StreamRead {
  return {
    ...{ stream, steps: [], state: emptyState(), bookmark: undefined, isComplete: false },
    ...{ deletes: new Map(), incomplete: new Map(), endedBy: undefined, rejected: [], notices: [] },
  };
}

function print(report: object): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
