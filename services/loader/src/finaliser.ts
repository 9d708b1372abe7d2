import { type ApplyDeletes, failTask, finalise, listLiveEpochs } from '@pipeline/control';
import { expectedFailure, failureOf, type Pool } from '@pipeline/postgres';
import { failureKind, type Logger, type RejectionLimits } from '@pipeline/protocol';
import { oncePer, processThrottle, startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import { concernsStream } from './stream-failure.ts';

/** Every live attempt is looked at this often, whether or not a batch was committed: whoever died between its commit and
 *  its finalise left work behind. */
const SWEEP_MS = 5_000;
/** An attempt that cannot be finalised for its own sake, as when its table is gone, fails after so many tries: a minute of sweeps. */
const TRIES_MAX = 12;

export interface Finaliser {
  /** A batch of this attempt was committed. Calls that come while it is being finalised are one call. */
  wake(epoch: number): void;
  /** Ends after the transaction under way. */
  stop(): Promise<void>;
}

export interface FinaliserDeps {
  pool: Pool;
  applyDeletes: ApplyDeletes;
  limits: RejectionLimits;
  logger: Logger;
  defects: Defects;
}

/** Finalises attempts, one at a time, apart from the loading of batches. */
export function startFinaliser(deps: FinaliserDeps): Finaliser {
  const waiting = new Set<number>();
  const isSweepDue = oncePer(SWEEP_MS);
  const failed = createFailures(deps);
  let isStopped = false;

  const step = async () => {
    if (isSweepDue()) for (const epoch of await listLiveEpochs(deps.pool)) waiting.add(epoch);
    for (const epoch of waiting) {
      if (isStopped) break;
      waiting.delete(epoch);
      await finalise(deps.pool, epoch, deps.applyDeletes, deps.limits).catch((error: unknown) => failed(epoch, error));
    }
  };
  const { logger, defects } = deps;
  const errors = { logger, waiting: 'the sweep waits', expected: expectedFailure, onDefect: defects('sweep') };
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

/** What is waited out is waited out; an attempt that fails again and again for another reason fails with that reason, so that neither the process nor
 *  the other attempts suffer from it. */
function createFailures({ pool, logger, defects }: FinaliserDeps): (epoch: number, error: unknown) => Promise<void> {
  const onDefect = defects('finaliser');
  const tries = new Map<number, number>();
  return async (epoch, error) => {
    const failure = failureOf(error);
    const { effect } = failureKind(failure.name);
    const isOfProcess = effect === 'wait' && !concernsStream(failure);
    const due = processThrottle.due(isOfProcess ? failure.name : `${epoch} ${failure.name}`);
    if (due !== undefined) {
      if (effect === 'wait') logger.warn({ epoch, code: failure.code, ...due }, `finalising waits: ${failure.text}`);
      else logger.error({ epoch, err: error, ...due }, 'finalising failed; the sweep tries again');
    }
    if (effect === 'defect') onDefect();
    if (isOfProcess) return;
    const count = (tries.get(epoch) ?? 0) + 1;
    tries.set(epoch, count);
    if (count < TRIES_MAX) return;
    tries.delete(epoch);
    await failTask(pool, epoch, {
      error: `it could not be finalised: ${failure.text}`,
      code: failure.code,
      retry: false,
    }).catch((err: unknown) => {
      const isDefect = expectedFailure(err) === undefined;
      if (isDefect) onDefect();
      logger[isDefect ? 'error' : 'warn']({ epoch, err }, 'the end of an attempt waits; the sweep tries again');
    });
  };
}
