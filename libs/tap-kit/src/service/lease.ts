import { renewLease } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { PipelineError } from '@pipeline/protocol';
import { keepLease, type Lease, type RepeatedErrors } from '@pipeline/resilience';

/** Renewals that meet only what nobody expected end the process. */
export interface AttemptLeaseOptions extends Pick<RepeatedErrors, 'giveUp' | 'logger' | 'onDefect'> {
  pool: Pool;
  epoch: number;
  /** Called once: the database says that the task belongs to somebody else, or was not reached for as long as the lease lasts. */
  lost: (reason: PipelineError) => void;
  /** How long the lease lives without a renewal. */
  leaseMs: number;
}

/** Keeps the lease of an attempt on a timer of its own, so that neither a slow source nor back-pressure can lose it. */
export function keepAttempt({ pool, epoch, leaseMs, lost, ...errors }: AttemptLeaseOptions): Lease {
  return keepLease({
    leaseMs,
    renew: () => renewLease(pool, epoch, leaseMs),
    onLost: () => lost(leaseLost(epoch)),
    errors: { ...errors, waiting: 'leases cannot be renewed', expected: expectedFailure },
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
