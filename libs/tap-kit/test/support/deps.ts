import type { Logger } from '@pipeline/protocol';
import type { Timing } from '../../src/http/timing.ts';

/** A logger that keeps its lines. */
export function keptLog(): { logger: Logger; lines: { level: string; fields: object; text: string }[] } {
  const lines: { level: string; fields: object; text: string }[] = [];
  const at = (level: string, bound: object) => (fields: object, text: string) =>
    void lines.push({ level, fields: { ...bound, ...fields }, text });
  const bind = (bound: object): Logger => ({
    debug: at('debug', bound),
    info: at('info', bound),
    warn: at('warn', bound),
    error: at('error', bound),
    child: (fields) => bind({ ...bound, ...fields }),
  });
  return { logger: bind({}), lines };
}

/** A clock that only moves when somebody sleeps. */
export function fakeTiming(): Timing & { slept: number[] } {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => 1,
    sleep: (ms, signal) => {
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

export const neverAborted = new AbortController().signal;
