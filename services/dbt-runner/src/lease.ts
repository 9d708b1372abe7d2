import { DBT_LEASE_MS, type DbtClaim, renewDbtLease } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { keepLease } from '@pipeline/resilience';
import type { DbtProcess } from './dbt-process.ts';

/** The process ends this long before somebody else may take the build. */
const MARGIN_MS = 3_000;

export interface Lease {
  /** Aborted when the build belongs to somebody else. */
  lost: AbortSignal;
  stop(): void;
}

/** Keeps a claim alive, and the dbt process no longer than the claim: without a renewal in time it ends by itself, also when
 *  this process is frozen or the database cannot be asked. */
export function holdLease(deps: {
  pool: Pool;
  claim: DbtClaim;
  claimedAt: number;
  dbt: DbtProcess;
  logger: Logger;
  /** Counts what nobody expected of a renewal. */
  onDefect: () => void;
}): Lease {
  const lost = new AbortController();
  const grant = (since: number) =>
    deps.dbt.grantLease((DBT_LEASE_MS - MARGIN_MS - (performance.now() - since)) / 1_000);
  grant(deps.claimedAt);
  const waiting = 'the lease of the build cannot be renewed';
  const lease = keepLease({
    leaseMs: DBT_LEASE_MS,
    renew: () => renewDbtLease(deps.pool, deps.claim),
    onRenewed: grant,
    onLost: () => lost.abort(),
    errors: { logger: deps.logger, waiting, expected: expectedFailure, onDefect: deps.onDefect },
  });
  return {
    lost: lost.signal,
    stop: () => {
      lease.release();
      deps.dbt.grantLease(null);
    },
  };
}
