import { randomUUID } from 'node:crypto';
import { removeInstance, signInstance } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { type Loop, startLoop } from '@pipeline/resilience';
import about from '../package.json' with { type: 'json' };
import type { Defects } from './defects.ts';
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
  logger: Logger;
  defects: Defects;
}): Pick<Loop, 'stop'> {
  const { pool, service, health, logLines, settings, logger, defects } = options;
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
  const waiting = 'this process cannot say that it is there';
  const errors = { logger, waiting, expected: expectedFailure, onDefect: defects('presence') };
  const loop = startLoop({ everyMs: SIGN_MS, step: sign, errors });
  return {
    stop: async () => {
      await loop.stop();
      // Without a sign it counts as gone soon.
      await removeInstance(pool, id).catch(() => undefined);
    },
  };
}
