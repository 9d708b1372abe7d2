import { type Logger, PipelineError } from '@pipeline/contracts';
import { renewLease } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { within } from './within.ts';

/** The tap says this often within one lease that it is alive: three chances before the lease runs out. */
const RENEWALS_PER_LEASE = 4;

/** Keeps the lease of an attempt on a timer of its own, so that neither a slow source nor back-pressure can lose it. `lost` is called
 *  once, when the database says that the task belongs to somebody else, or has not been reached for as long as the lease lasts. */
export function keepLease(options: {
  pool: Pool;
  epoch: number;
  logger: Logger;
  lost: (reason: PipelineError) => void;
  /** How long the lease lives without a renewal. */
  leaseMs: number;
}): { release: () => void } {
  const { pool, epoch, logger, lost, leaseMs } = options;
  const renewalMs = leaseMs / RENEWALS_PER_LEASE;
  let renewedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let isReleased = false;

  const renew = async () => {
    const askedAt = performance.now();
    const renewal = renewLease(pool, epoch, leaseMs).catch((error: unknown) => {
      logger.warn({ epoch, err: error }, 'the lease could not be renewed, trying again');
      return undefined;
    });
    // A connection may be dead without saying so: no response counts as none.
    const isMine = await within(renewal, renewalMs);
    if (isReleased) return;
    if (isMine === true) renewedAt = askedAt;
    if (isMine === false || performance.now() - renewedAt >= leaseMs) return lost(leaseLost(epoch));
    timer = setTimeout(renew, isMine === true ? renewalMs : renewalMs / 5);
  };
  timer = setTimeout(renew, renewalMs);
  return {
    release: () => {
      isReleased = true;
      clearTimeout(timer);
    },
  };
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
