import { type Backoff, backoffMs } from './backoff.ts';
import { pause } from './timeout.ts';

export interface RetryOptions {
  /** Whether another try may mend this error. Any other one is thrown at once: repeating a bug only hides it. */
  isExpected: (error: unknown) => boolean;
  backoff: Backoff;
  /** @default no limit; then `forMs` is one */
  triesMax?: number;
  /** No try begins later than this after the first one, in milliseconds. @default no limit; then `triesMax` is one */
  forMs?: number;
  /** Ends the waiting: the last error is thrown. */
  signal?: AbortSignal;
  /** Clock and chance of the pauses, for tests. @default the system's */
  timing?: { sleep: (ms: number, signal?: AbortSignal) => Promise<void>; random: () => number };
  /** Told before each pause. `tries` counts from 1. */
  onRetry?: (error: unknown, tries: number) => void;
}

const SYSTEM = { sleep: pause, random: Math.random };

/** Repeats work while it fails in an expected way. The work must be repeatable: it may have succeeded without our knowing.
 *  @throws RangeError without a limit; the last error when the limit is reached or the signal is aborted. */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { isExpected, backoff, triesMax = Infinity, forMs = Infinity, signal, onRetry, timing = SYSTEM } = options;
  if (triesMax === Infinity && forMs === Infinity) throw new RangeError('a retry needs a limit');
  const startedAt = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const isOver = tries >= triesMax || performance.now() - startedAt >= forMs || signal?.aborted === true;
      if (isOver || !isExpected(error)) throw error;
      onRetry?.(error, tries);
      await timing.sleep(backoffMs(tries, backoff, timing.random), signal);
      if (signal?.aborted) throw error;
    }
  }
}
