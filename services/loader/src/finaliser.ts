import type { Logger } from '@pipeline/contracts';
import { type ApplyDeletes, finalise, listLiveEpochs } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { oncePer, startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';

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
export function startFinaliser(deps: {
  pool: Pool;
  applyDeletes: ApplyDeletes;
  logger: Logger;
  defects: Defects;
}): Finaliser {
  const waiting = new Set<number>();
  const isSweepDue = oncePer(SWEEP_MS);
  let isStopped = false;

  const step = async () => {
    if (isSweepDue()) for (const epoch of await listLiveEpochs(deps.pool)) waiting.add(epoch);
    const failures: unknown[] = [];
    for (const epoch of waiting) {
      if (isStopped) break;
      waiting.delete(epoch);
      await finalise(deps.pool, epoch, deps.applyDeletes).catch((err: unknown) => {
        deps.logger.warn({ epoch, err }, 'finalising failed; the sweep tries again');
        failures.push(err);
      });
    }
    if (failures.length > 0) throw failures[0];
  };
  const { logger, defects } = deps;
  const errors = { logger, waiting: 'finalising waits', expected: expectedFailure, onDefect: defects('finaliser') };
  const loop = startLoop({ everyMs: SWEEP_MS, step, errors });

  return {
    wake: (epoch) => {
      waiting.add(epoch);
      loop.wake();
    },
    stop: async () => {
      isStopped = true;
      await loop.stop();
    },
  };
}
