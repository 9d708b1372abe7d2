import { failureOf } from '@pipeline/postgres';
import { failureKind, type Logger } from '@pipeline/protocol';
import { type Backoff, processThrottle, retry } from '@pipeline/resilience';

/** Who waits is back within seconds of the database. */
const BACKOFF: Backoff = { firstMs: 500, maxMs: 5_000 };
/** No kind of failure is waited out longer, in milliseconds. */
const PATIENCE_MS = 30 * 60_000;

export interface PatienceOptions {
  logger: Logger;
  signal?: AbortSignal;
}

/** Repeats work on the database while it meets what `FAILURES` says to wait out, and as long as it says. The work must be repeatable: a response may
 *  have been lost.
 *  @throws the signal's reason when it is aborted; the last error when the time is over; anything unexpected at once. */
export async function withPatience<T>(work: () => Promise<T>, options: PatienceOptions): Promise<T> {
  const { logger, signal } = options;
  const startedAt = performance.now();
  const isExpected = (error: unknown): boolean => {
    const { effect, waitMs = 0 } = failureKind(failureOf(error).name);
    return effect === 'wait' && performance.now() - startedAt < waitMs;
  };
  const onRetry = (error: unknown) => {
    const { name, code, text } = failureOf(error);
    const due = processThrottle.due(name);
    if (due !== undefined) logger.warn({ kind: name, code, ...due }, `the work waits: ${text}`);
  };
  try {
    const limits = { forMs: PATIENCE_MS, ...(signal === undefined ? {} : { signal }) };
    return await retry(work, { isExpected, backoff: BACKOFF, onRetry, ...limits });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
