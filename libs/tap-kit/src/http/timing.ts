import { setTimeout as sleep } from 'node:timers/promises';

/** Clock, waiting and chance, so that tests decide about them. */
export interface Timing {
  /** Epoch milliseconds. */
  now: () => number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A number in [0, 1). */
  random: () => number;
}

export const systemTiming: Timing = {
  now: Date.now,
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
  random: Math.random,
};
