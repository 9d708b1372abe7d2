import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT_CODES, nodeOptions } from '@pipeline/service/config';
import { selectVariable } from '@pipeline/tap-kit/settings';
import { waitFor } from '@pipeline/testing';
import { type Platform, type PlatformOptions, startPlatform } from './platform.ts';
import { cpuSecondsOf, memoryOf, type ProcessMemory, peakMemoryOf } from './process-usage.ts';

interface ServiceLoad {
  /** `hubspot` */
  source: string;
  /** Of the sandbox. */
  deals: number;
  /** Streams and child tables. @default what is read by default */
  streams?: readonly string[] | undefined;
  /** Of every service, and of the tap besides. */
  environment: Record<string, string>;
  tapEnvironment: Record<string, string>;
  timeoutMs: number;
  /** @default those of the Jest run */
  servers?: PlatformOptions['servers'];
}

interface ServiceUsage extends ProcessMemory {
  cpuSeconds: number;
}

interface ServiceLoadReport {
  seconds: number;
  /** Rows that are in PostgreSQL. */
  rows: number;
  /** What each service used, and the most that it held at a time. */
  usage: Record<string, ServiceUsage>;
}

const MEMORY_POLL_MS = 100;
const FACTOR = '1000';

/** Reads an account once with the services themselves, from the command to the last commit, and watches their memory. */
export async function serviceLoad(load: ServiceLoad): Promise<ServiceLoadReport> {
  const { source, deals, streams, environment, tapEnvironment, timeoutMs, servers } = load;
  const tap = `tap-${source}`;
  const folder = await mkdtemp(join(tmpdir(), 'service-load-'));
  const cache = { NODE_COMPILE_CACHE: join(folder, 'compile-cache') };
  fillCache(tap, cache);
  const platform = await startPlatform({
    ...{ sources: [source], services: ['scheduler', 'loader'], sandbox: { deals } },
    environment: {
      ...environment,
      ...(streams === undefined ? {} : { [selectVariable(source)]: streams.join(',') }),
      TAP_RATE_LIMIT_FACTOR: FACTOR,
    },
    ...(servers === undefined ? {} : { servers }),
  });
  try {
    const startedAt = performance.now();
    platform.start(tap, { ...cache, ...tapEnvironment });
    const usage: Record<string, ServiceUsage> = {};
    const poll = setInterval(() => watch(platform, usage), MEMORY_POLL_MS);
    const rows = await loadedRows(platform, timeoutMs).finally(() => clearInterval(poll));
    return { seconds: (performance.now() - startedAt) / 1_000, rows, usage };
  } finally {
    await platform.stop();
    await rm(folder, { recursive: true });
  }
}

/** As an image has it: what takes the types out of TypeScript is not in the memory of a container. */
function fillCache(tap: string, cache: Record<string, string>): void {
  const main = join(import.meta.dirname, '../../services', tap, 'src/main.ts');
  const env = { PATH: process.env['PATH'] ?? '', ...cache, HTTP_PORT: 'none' };
  const { status } = spawnSync(process.execPath, [...nodeOptions(tap), main], { env });
  if (status !== EXIT_CODES.configuration) throw new Error(`${tap} with a wrong setting ended with ${status}`);
}

function watch({ services }: Platform, usage: Record<string, ServiceUsage>): void {
  for (const [name, { pid, isRunning }] of services) {
    if (!isRunning()) continue;
    const anonymous = Math.max(usage[name]?.anonymous ?? 0, memoryOf(pid).anonymous);
    usage[name] = { resident: peakMemoryOf(pid), anonymous, cpuSeconds: cpuSecondsOf(pid) };
  }
}

/** Waits for the end of every task. @throws when one failed */
async function loadedRows({ database, logs }: Platform, timeoutMs: number): Promise<number> {
  const ended = async () => {
    const { rows } = await database.pool.query<{ tasks: number; open: number; failed: number; rows: number }>(
      `select count(*)::int as tasks, count(*) filter (where finished_at is null)::int as open,
              count(*) filter (where status = 'failed')::int as failed,
              (select coalesce(sum(rows), 0)::float8 from pipeline.ledger) as rows
       from pipeline.tasks`,
    );
    const [found] = rows;
    return found !== undefined && found.tasks > 0 && found.open === 0 ? found : undefined;
  };
  const { failed, rows } = await waitFor(ended, { timeoutMs, intervalMs: 200, what: 'the end of every task' });
  if (failed > 0) throw new Error(`${failed} tasks failed: ${logs()}`);
  return rows;
}
