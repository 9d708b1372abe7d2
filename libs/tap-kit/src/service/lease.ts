import { type Logger, PipelineError } from '@pipeline/contracts';
import { LEASE_MS, LEASE_RENEWAL_MS, renewLease } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';

/** Keeps the lease of an attempt on a timer of its own, so that neither a slow source nor back-pressure can lose it. `lost` is called
 *  once, when the database says that the task belongs to somebody else, or has not been reached for as long as the lease lasts. */
export function keepLease(options: {
  pool: Pool;
  epoch: number;
  logger: Logger;
  lost: (reason: PipelineError) => void;
  renewalMs?: number;
}): { release: () => void } {
  const { pool, epoch, logger, lost, renewalMs = LEASE_RENEWAL_MS } = options;
  let renewedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let isReleased = false;

  const renew = async () => {
    const askedAt = performance.now();
    const isMine = await renewLease(pool, epoch).catch((error: unknown) => {
      logger.warn({ epoch, err: error }, 'the lease could not be renewed, trying again');
      return undefined;
    });
    if (isReleased) return;
    if (isMine === true) renewedAt = askedAt;
    if (isMine === false || performance.now() - renewedAt >= LEASE_MS) return lost(leaseLost(epoch));
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
