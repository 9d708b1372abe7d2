import { pause } from './timeout.ts';

export interface UntilOptions {
  everyMs: number;
  forMs: number;
  signal?: AbortSignal;
}

/** Looks every `everyMs` until the condition holds. False: it did not within `forMs`, or the signal was aborted. What the condition throws is thrown. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { everyMs, forMs, signal }: UntilOptions,
): Promise<boolean> {
  const deadline = performance.now() + forMs;
  while (!(await condition())) {
    if (signal?.aborted === true || performance.now() >= deadline) return false;
    await pause(everyMs, signal);
  }
  return true;
}
