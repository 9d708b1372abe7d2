import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { NODE_OPTIONS } from '@pipeline/service';
import type { JsonObject } from '@pipeline/singer';
import { parseJson } from '@pipeline/singer';
import { canonical } from '../libs/testing/src/canonical.ts';
import { source } from '../services/sandbox/src/hubspot/source.ts';
import { type Sandbox, startSandbox } from '../services/sandbox/src/sandbox.ts';
import { tap } from '../services/tap-hubspot/src/tap.ts';

// Reads a HubSpot account of so many deals once with the tap's executable, and compares every row with the sandbox's truth:
// `node --max-old-space-size=6000 benchmarks/first-load.ts 100000 10 deals`: deals, how many times faster than HubSpot's limits, task.

const [deals = 100_000, factor = 10] = process.argv.slice(2, 4).map(Number);
const task = tap.streams.find(({ name }) => name === (process.argv[4] ?? 'deals'));
if (task === undefined) throw new RangeError(`tap-hubspot has no stream ${process.argv[4]}`);
const streams = [task, ...(task.children ?? [])];
const MAIN = resolve(import.meta.dirname, '../services/tap-hubspot/src/main.ts');
const MEMORY_POLL_MS = 500;
const SHOWN_MAX = 10;

const folder = mkdtempSync(join(tmpdir(), 'first-load-'));
const sandbox = await startSandbox({ deals, rateLimitFactor: factor, only: ['hubspot'] });
try {
  const records = new Map(streams.map(({ name }) => [name, new Map<string, string>()]));
  const run = await readOnce(records);
  const requests = requestsOf(sandbox);
  const seconds = run.durationMs / 1_000;
  print(`exit code ${run.code}, ${seconds.toFixed(1)} s, at most ${run.memoryMb.toFixed(0)} MB resident`);
  for (const line of requests.lines) print(line);
  print(
    `${requests.total} requests, ${(requests.total / seconds / factor).toFixed(2)} in a second of the account's time`,
  );
  let differences = 0;
  for (const { name } of streams) differences += compare(name, records.get(name) ?? new Map());
  print(`${differences} differences`);
  process.exitCode = differences === 0 && run.code === 0 ? 0 : 1;
} finally {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
}

/** Runs the executable; keeps each record as it was written, by stream and key. */
async function readOnce(records: Map<string, Map<string, string>>) {
  const [config, catalog] = [join(folder, 'config.json'), join(folder, 'catalog.json')];
  writeFileSync(config, JSON.stringify(source.tapSettings(sandbox.url('hubspot'))));
  const selected = streams.map(({ name }) => ({
    ...{ stream: name, tap_stream_id: name, schema: {} },
    metadata: [{ breadcrumb: [], metadata: { selected: true } }],
  }));
  writeFileSync(catalog, JSON.stringify({ streams: selected }));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, '--config', config, '--catalog', catalog], {
    env: { PATH: process.env['PATH'] ?? '', TAP_RATE_LIMIT_FACTOR: String(factor) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  let memoryMb = 0;
  const poll = setInterval(() => {
    memoryMb = Math.max(memoryMb, peakMb(child.pid));
  }, MEMORY_POLL_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{"type":"RECORD"')) continue;
    const { stream, record } = parseJson(line) as { stream: string; record: JsonObject };
    records.get(stream)?.set(keyOf(keysOf(stream), record), line);
  }
  const [code] = await closed;
  clearInterval(poll);
  return { code: Number(code), durationMs: performance.now() - startedAt, memoryMb };
}

/** Prints what differs in a stream, and returns how much. */
function compare(name: string, records: Map<string, string>): number {
  const truth = sandbox.truth('hubspot', name);
  const found: string[] = [];
  let rows = 0;
  for (const row of truth.rows as Iterable<JsonObject>) {
    rows += 1;
    const key = keyOf(truth.key, row);
    const line = records.get(key);
    records.delete(key);
    if (line === undefined) found.push(`${key} is missing`);
    else found.push(...different(row, parseJson(line) as { record: JsonObject }).map((column) => `${key}: ${column}`));
  }
  found.push(...[...records.keys()].map((key) => `${key} is left over`));
  print(`${name}: ${rows} rows, ${found.length} differences`);
  for (const text of found.slice(0, SHOWN_MAX)) print(`  ${text}`);
  return found.length;
}

function different(truth: JsonObject, { record }: { record: JsonObject }): string[] {
  return Object.keys(truth).filter((column) => canonical(truth[column]) !== canonical(record[column]));
}

function keysOf(stream: string): readonly string[] {
  return streams.find(({ name }) => name === stream)?.keyProperties ?? [];
}

function keyOf(columns: readonly string[], row: JsonObject): string {
  return columns.map((column) => canonical(row[column])).join('/');
}

function requestsOf({ requests }: Sandbox) {
  const counts = requests.list();
  const lines = counts.map(({ path, byStatus }) => `${path}: ${JSON.stringify(byStatus)}`);
  return { lines, total: counts.reduce((sum, count) => sum + count.requests, 0) };
}

/** The most memory that the process ever had resident. */
function peakMb(pid: number | undefined): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
