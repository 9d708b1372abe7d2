import { randomUUID } from 'node:crypto';
import { removeInstance, signInstance } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import about from '../package.json' with { type: 'json' };
import type { Health } from './health.ts';
import type { LogLines } from './log-lines.ts';
import type { SettingInForce } from './settings-in-force.ts';

const SIGN_MS = 5_000;

/** Says every five seconds that this process is there, and how it is. */
export function startPresence(options: {
  pool: Pool;
  service: string;
  health: Health;
  logLines: LogLines;
  settings: SettingInForce[];
  instance?: string;
}): { stop: () => Promise<void> } {
  const { pool, service, health, logLines, settings } = options;
  const id = options.instance ?? randomUUID();
  const startedAt = new Date(Date.now() - process.uptime() * 1000);
  let cpu = process.cpuUsage();
  let at = performance.now();
  const sign = async () => {
    const used = process.cpuUsage(cpu);
    const elapsedMs = Math.max(1, performance.now() - at);
    cpu = process.cpuUsage();
    at = performance.now();
    const { isReady, checks } = await health.readiness();
    await signInstance(pool, {
      ...{ id, service, startedAt, checks, settings },
      version: about.version,
      state: isReady ? 'ready' : 'not ready',
      memoryBytes: process.memoryUsage.rss(),
      cpu: (used.user + used.system) / 1000 / elapsedMs,
      logLinesDropped: logLines.dropped,
    });
  };
  // While PostgreSQL is away nobody can be told; the readiness of the service tells of it.
  const quietly = () => sign().catch(() => undefined);
  let signing = quietly();
  const timer = setInterval(() => {
    signing = signing.then(quietly);
  }, SIGN_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await signing;
      await removeInstance(pool, id).catch(() => undefined);
    },
  };
}
