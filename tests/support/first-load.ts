import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { emptyState, parseMessage, type RecordMessage } from '@pipeline/singer';
import type { Tap } from '@pipeline/tap-kit';
import { discoverCatalog } from '@pipeline/tap-kit/conformance';
import { ModelWarehouse, type StreamRead } from '@pipeline/tap-kit/testing';
import type { Sandbox } from '../../services/sandbox/src/sandbox.ts';
import { containerSettings } from './container-settings.ts';
import { peakMemoryOf } from './process-usage.ts';

const ROOT = join(import.meta.dirname, '../..');
const MEMORY_POLL_MS = 50;
const EXAMPLES_MAX = 10;
const MIB = 1_048_576;

interface FirstLoad {
  /** `wrike` */
  source: string;
  tap: Pick<Tap<never>, 'streams'>;
  sandbox: Sandbox;
  /** Settings of the tap for this sandbox. */
  settings: Record<string, unknown>;
  /** Streams and child tables. @default all */
  streams?: readonly string[] | undefined;
  /** How many times faster than the source's limits. @default 1 */
  factor?: number;
}

interface FirstLoadReport {
  exitCode: number | null;
  seconds: number;
  /** The most that the process had resident, in MB as the limits of containers count them: of 1,048,576 bytes. */
  memoryMb: number;
  /** Requests that the source responded to, by path. */
  requests: Record<string, number>;
  /** Rows by stream. */
  rows: Record<string, number>;
  /** How many rows are missing, different or left over, and the first of them. */
  differences: number;
  examples: string[];
}

/** Reads an account once with the tap's executable, a process of its own with the memory settings and the filled compile cache of its container, and
 *  compares every row with what the sandbox holds. */
export async function firstLoad(load: FirstLoad): Promise<FirstLoadReport> {
  const folder = await mkdtemp(join(tmpdir(), 'first-load-'));
  try {
    const catalog = discoverCatalog(load.tap);
    const streams = catalog.streams
      .map(({ tap_stream_id: id }) => id)
      .filter((id) => load.streams?.includes(id) ?? true);
    const chosen = catalog.streams.map((stream) => ({
      ...stream,
      metadata: [{ breadcrumb: [], metadata: { selected: streams.includes(stream.tap_stream_id) } }],
    }));
    await writeFile(join(folder, 'config.json'), JSON.stringify(load.settings));
    await writeFile(join(folder, 'catalog.json'), JSON.stringify({ streams: chosen }));
    const run = await extract(load, folder);
    const counts = load.sandbox.requests.list().filter(({ source }) => source === load.source);
    return {
      ...run,
      requests: Object.fromEntries(counts.map(({ path, requests }) => [path, requests])),
      ...(await compared(load, streams, join(folder, 'messages.jsonl'))),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function extract({ source, factor = 1 }: Pick<FirstLoad, 'source' | 'factor'>, folder: string) {
  const main = join(ROOT, `services/tap-${source}/src/main.ts`);
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: join(folder, 'compile-cache') },
    ...{ ...containerSettings(`tap-${source}`), TAP_RATE_LIMIT_FACTOR: String(factor) },
  };
  spawnSync(process.execPath, [main, '--about'], { env });
  const args = ['--config', join(folder, 'config.json'), '--catalog', join(folder, 'catalog.json')];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const written = pipeline(child.stdout, createWriteStream(join(folder, 'messages.jsonl')));
  let memoryMb = 0;
  const poll = setInterval(() => {
    memoryMb = Math.max(memoryMb, peakMemoryOf(child.pid) / MIB);
  }, MEMORY_POLL_MS);
  await once(child, 'close');
  clearInterval(poll);
  await written;
  return { exitCode: child.exitCode, seconds: (performance.now() - startedAt) / 1_000, memoryMb };
}

async function compared({ tap, sandbox, source }: FirstLoad, streams: readonly string[], messages: string) {
  const warehouse = new ModelWarehouse(tap.streams);
  const parents = new Map(tap.streams.flatMap((one) => [one, ...(one.children ?? [])].map(({ name }) => [name, one])));
  for await (const line of createInterface({ input: createReadStream(messages) })) {
    const message = parseMessage(line);
    if (!isRecord(message)) continue;
    const stream = parents.get(message.stream);
    if (stream === undefined) throw new RangeError(`no stream ${message.stream}`);
    warehouse.load({ ...emptyRead(stream), steps: [{ stream: message.stream, records: [message.record] }] });
  }
  const found = streams.map((stream) => warehouse.differences(sandbox.truth(source, stream)));
  return {
    rows: Object.fromEntries(streams.map((stream) => [stream, warehouse.live(stream).size])),
    differences: found.reduce((sum, { length }) => sum + length, 0),
    examples: found.flat().slice(0, EXAMPLES_MAX),
  };
}

function isRecord(message: { type: string }): message is RecordMessage {
  return message.type === 'RECORD';
}

function emptyRead(stream: StreamRead['stream']): StreamRead {
  return {
    ...{ stream, steps: [], state: emptyState(), bookmark: undefined, isComplete: false },
    ...{ deletes: new Map(), incomplete: new Map(), endedBy: undefined, rejected: [], notices: [] },
  };
}
