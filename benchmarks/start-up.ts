import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startLocalServers, waitFor } from '@pipeline/testing';
import { containerSettings } from '../tests/support/container-settings.ts';
import { type Platform, SOURCES, startPlatform } from '../tests/support/platform.ts';
import { cpuSecondsOf, memoryOf } from '../tests/support/process-usage.ts';

// Starts each service as run.sh does, and measures what that takes until it is ready, and what it holds when it has nothing to do:
// `node benchmarks/start-up.ts [--root <another checkout>] [--starts 5] [--services loader,tap-xero] [--output file.json]`

interface StartUp {
  service: string;
  /** From the start of the process until it says that it is ready, of all its threads. */
  cpuSeconds: number;
  seconds: number;
  /** In 1,000,000 bytes. */
  residentMb: number;
  anonymousMb: number;
}

const ROOT = resolve(import.meta.dirname, '..');
const IDLE_MS = 4_000;
const READY_MS = 60_000;
const MB = 1_000_000;

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: ROOT },
    starts: { type: 'string', default: '5' },
    services: { type: 'string', default: `scheduler,loader,dbt-runner,${SOURCES.map((name) => `tap-${name}`).join()}` },
    environment: { type: 'string', multiple: true, default: [] },
    output: { type: 'string' },
  },
});
const names = values.services.split(',');
const folder = await mkdtemp(join(tmpdir(), 'start-up-'));
const servers = await startLocalServers();
const platform = await startPlatform({
  servers,
  services: [],
  sandbox: { deals: 20 },
  // Seen from where this checkout's services are.
  folders: Object.fromEntries(names.map((name) => [name, relative(ROOT, join(values.root, 'services', name))])),
  environment: {
    NODE_COMPILE_CACHE: join(folder, 'compile-cache'),
    ...Object.fromEntries(values.environment.map((variable) => variable.split('=', 2))),
  },
});
try {
  // All together, once: fills the compile cache, registers what there is, and leaves nothing to do.
  for (const name of new Set(['scheduler', ...names])) await started(platform, name);
  await waitFor(() => isRead(platform), { timeoutMs: READY_MS, intervalMs: 200, what: 'the end of the first reads' });
  for (const { stop } of platform.services.values()) await stop();
  const measured: StartUp[] = [];
  for (const name of names) {
    const starts: StartUp[] = [];
    for (let start = 0; start < Number(values.starts); start += 1) starts.push(await measuredStart(platform, name));
    measured.push(medianOf(name, starts));
    process.stdout.write(`${lineOf(measured.at(-1))}\n`);
  }
  if (values.output !== undefined) await writeFile(values.output, `${JSON.stringify(measured, undefined, 1)}\n`);
} finally {
  await platform.stop();
  await servers.stop();
  await rm(folder, { recursive: true });
}

async function measuredStart(platform: Platform, name: string): Promise<StartUp> {
  const startedAt = performance.now();
  const { pid, stop } = await started(platform, name);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuSeconds = cpuSecondsOf(pid);
  await sleep(IDLE_MS);
  const { resident, anonymous } = memoryOf(pid);
  await stop();
  return { service: name, cpuSeconds, seconds, residentMb: resident / MB, anonymousMb: anonymous / MB };
}

async function started(platform: Platform, name: string) {
  // Before there were such settings, run.sh gave none.
  const service = platform.start(name, values.root === ROOT ? containerSettings(name) : {});
  const ready = async () => {
    if (!service.isRunning()) throw new Error(`${name} ended: ${service.log()}`);
    const response = await fetch(`${service.probesUrl()}/readyz`).catch(() => undefined);
    return response?.status === 200;
  };
  await waitFor(() => (service.log().includes('are served') ? ready() : false), {
    ...{ timeoutMs: READY_MS, intervalMs: 20, what: `${name} to be ready` },
  });
  return service;
}

/** Whether every task has been read. */
async function isRead({ database, services }: Platform): Promise<boolean> {
  if (![...services.keys()].some((name) => name.startsWith('tap-'))) return true;
  const { rows } = await database.pool.query<{ open: boolean | null }>(
    `select bool_or(status in ('queued', 'running')) as open from pipeline.tasks`,
  );
  return rows[0]?.open === false;
}

function medianOf(service: string, starts: readonly StartUp[]): StartUp {
  const median = (of: (start: StartUp) => number) => {
    const sorted = starts.map(of).toSorted((one, other) => one - other);
    return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 100) / 100;
  };
  return {
    service,
    cpuSeconds: median(({ cpuSeconds }) => cpuSeconds),
    seconds: median(({ seconds }) => seconds),
    residentMb: median(({ residentMb }) => residentMb),
    anonymousMb: median(({ anonymousMb }) => anonymousMb),
  };
}

function lineOf(start: StartUp | undefined): string {
  if (start === undefined) return '';
  const { service, cpuSeconds, seconds, residentMb, anonymousMb } = start;
  return `| ${service} | ${cpuSeconds.toFixed(2)} s | ${seconds.toFixed(2)} s | ${residentMb.toFixed(0)} MB | ${anonymousMb.toFixed(0)} MB |`;
}
