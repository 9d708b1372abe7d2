import { pause } from '@pipeline/resilience';

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
    await pause(ms, signal);
    signal?.throwIfAborted();
  },
  random: Math.random,
};
