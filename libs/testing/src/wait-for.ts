import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '@pipeline/protocol';

export interface WaitOptions {
  /** @default 10_000 */
  timeoutMs?: number;
  /** Pause between two looks. @default 25 */
  intervalMs?: number;
  /** What is waited for, for the error text. */
  what?: string;
}

/** Asks until the response is truthy and returns it. A condition that throws is asked again.
 *  @throws after `timeoutMs`, with the last error of the condition. */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions = {}): Promise<NonNullable<T>> {
  const { timeoutMs = 10_000, intervalMs = 25, what = 'the condition' } = options;
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const response = await condition();
      if (response) return response;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(intervalMs);
  } while (performance.now() < deadline);
  const reason = cause === undefined ? '' : `: ${errorMessage(cause)}`;
  throw new Error(`${what} was not true within ${timeoutMs} ms${reason}`, { cause });
}
