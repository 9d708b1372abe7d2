import { type Logger, PipelineError } from '@pipeline/contracts';
import { renewLease } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { createLogThrottle, keepLease, type Lease, type LogThrottle } from '@pipeline/resilience';

export interface AttemptLeaseOptions {
  pool: Pool;
  epoch: number;
  logger: Logger;
  /** Called once: the database says that the task belongs to somebody else, or was not reached for as long as the lease lasts. */
  lost: (reason: PipelineError) => void;
  /** How long the lease lives without a renewal. */
  leaseMs: number;
  /** Counts what nobody expected of a renewal. */
  onDefect: () => void;
  /** Shared by the attempts of a tap. @default one of its own */
  throttle?: LogThrottle;
}

/** Keeps the lease of an attempt on a timer of its own, so that neither a slow source nor back-pressure can lose it. */
export function keepAttempt(options: AttemptLeaseOptions): Lease {
  const { pool, epoch, logger, lost, leaseMs, onDefect, throttle = createLogThrottle() } = options;
  return keepLease({
    leaseMs,
    renew: () => renewLease(pool, epoch, leaseMs),
    onLost: () => lost(leaseLost(epoch)),
    onError: (error) => {
      const failure = expectedFailure(error);
      if (failure === undefined) {
        onDefect();
        logger.error({ epoch, err: error }, 'the lease could not be renewed: an unexpected error');
        return;
      }
      const due = throttle.due(failure.name);
      if (due !== undefined)
        logger.warn({ kind: failure.name, code: failure.code, ...due }, `leases cannot be renewed: ${failure.text}`);
    },
  });
}

export function isLeaseLost(error: unknown): boolean {
  return error instanceof PipelineError && error.code === 'LEASE_LOST';
}

function leaseLost(epoch: number): PipelineError {
  return new PipelineError({
    code: 'LEASE_LOST',
    recovery: 'retry',
    message: `attempt ${epoch} has lost its lease: the task goes on elsewhere`,
  });
}
