import { errorMessage, type Logger } from '@pipeline/contracts';
import { type ApplyDeletes, finalise, listLiveEpochs } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';

/** Every live attempt is looked at this often, whether or not a batch was committed: whoever died between its commit and
 *  its finalise left work behind. */
const SWEEP_MS = 5_000;

export interface Finaliser {
  /** A batch of this attempt was committed. Calls that come while it is being finalised are one call. */
  wake(epoch: number): void;
  /** Ends after the transaction under way. */
  stop(): Promise<void>;
}

/** Finalises attempts, one at a time, apart from the loading of batches. */
export function startFinaliser(deps: { pool: Pool; applyDeletes: ApplyDeletes; logger: Logger }): Finaliser {
  const waiting = new Set<number>();
  let working: Promise<void> | undefined;
  let stopped = false;

  const work = async () => {
    for (const epoch of waiting) {
      if (stopped) return;
      waiting.delete(epoch);
      try {
        await finalise(deps.pool, epoch, deps.applyDeletes);
      } catch (error) {
        deps.logger.warn({ epoch, error: errorMessage(error) }, 'finalising failed; the sweep tries again');
      }
    }
  };
  const wake = (epoch: number) => {
    waiting.add(epoch);
    working ??= work().finally(() => {
      working = undefined;
      const next = waiting.values().next().value;
      if (next !== undefined && !stopped) wake(next);
    });
  };
  const sweep = async () => {
    try {
      for (const epoch of await listLiveEpochs(deps.pool)) wake(epoch);
    } catch (error) {
      deps.logger.debug({ error: errorMessage(error) }, 'the sweep waits for the database');
    }
  };
  const timer = setInterval(() => void sweep(), SWEEP_MS);

  return {
    wake,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await working;
    },
  };
}
