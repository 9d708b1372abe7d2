import type { Queryable } from '@pipeline/postgres';
import * as statements from './retention.sql.ts';

/** Cycles, with their runs, tasks, attempts, ledger and checkpoints, are kept this long. Only ended ones go, so a late
 *  delivery of a pruned epoch still meets the fence. */
export const HISTORY_DAYS = 30;
const DEAD_LETTER_DAYS = 30;
const REJECTED_DAYS = 90;
const OUTBOX_DAYS = 2;
const LOG_DAYS = 14;
const INCIDENT_DAYS = 90;
const HOURS_DAYS = 7;
/** Processes, consents, sessions and keys that are over. */
const OVER_DAYS = 1;
/** A month can be compared with the same one of last year. */
const EGRESS_DAYS = 400;
const AUDIT_DAYS = 730;
/** Former bookmarks of a stream. */
const STATES_KEPT = 100;

const KEPT_DAYS = [
  [statements.pruneCycles, HISTORY_DAYS],
  [statements.pruneDbtRuns, HISTORY_DAYS],
  [statements.pruneManifests, HISTORY_DAYS],
  [statements.pruneDeadLetters, DEAD_LETTER_DAYS],
  [statements.pruneDeliveryErrors, DEAD_LETTER_DAYS],
  [statements.pruneRejected, REJECTED_DAYS],
  [statements.pruneObstacles, OUTBOX_DAYS],
  [statements.pruneOutbox, OUTBOX_DAYS],
  [statements.pruneLogLines, LOG_DAYS],
  [statements.pruneIncidents, INCIDENT_DAYS],
  [statements.pruneChecks, INCIDENT_DAYS],
  [statements.pruneStreamHours, HOURS_DAYS],
  [statements.pruneEgressDays, EGRESS_DAYS],
  [statements.pruneInstances, OVER_DAYS],
  [statements.pruneConsents, OVER_DAYS],
  [statements.pruneSessions, OVER_DAYS],
  [statements.pruneIdempotencyKeys, OVER_DAYS],
  [statements.pruneAudit, AUDIT_DAYS],
] as const;

/** Removes what is older than its retention. Returns the number of rows. */
export async function prune(db: Queryable): Promise<number> {
  let removed = await statements.pruneStates.run(db, { kept: STATES_KEPT });
  for (const [statement, days] of KEPT_DAYS) removed += await statement.run(db, { days });
  return removed;
}
