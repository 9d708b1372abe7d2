import type { Logger } from '@pipeline/contracts';
import { isTransient } from '@pipeline/postgres';
import { backoffMs } from '../http/retry.ts';
import { systemTiming } from '../http/timing.ts';

/** Longest wait for a database that is away, in milliseconds: it bridges a restart and a failover. */
const PATIENCE_MS = 30 * 60_000;
/** Longest pause between two tries, in milliseconds: who waits is back within seconds of the database. */
const PAUSE_MAX_MS = 5_000;

/** Repeats work on the database while the database is away. The work must be repeatable: a response may have been lost. */
export async function withPatience<T>(
  work: () => Promise<T>,
  options: { logger: Logger; signal?: AbortSignal },
): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || performance.now() > deadline) throw error;
      if (tries === 1) options.logger.warn({ err: error }, 'the database is away, waiting for it');
    }
    await systemTiming.sleep(Math.min(backoffMs(tries, Math.random), PAUSE_MAX_MS), options.signal);
  }
}
