import type { Queryable } from '@pipeline/postgres';
import { pruneObstacles } from '../observe/obstacles.sql.ts';
import { pruneDeliveryErrors } from '../operate/dead-letters.sql.ts';
import * as statements from './retention.sql.ts';

/** Cycles, with their runs, tasks, attempts, ledger and checkpoints, are kept this long. Only ended ones go, so a late
 *  delivery of a pruned epoch still meets the fence. */
export const HISTORY_DAYS = 30;
const DEAD_LETTER_DAYS = 30;
const REJECTED_DAYS = 90;
const OUTBOX_DAYS = 2;
const STATES_KEPT = 100;
const LOG_DAYS = 14;
const INCIDENT_DAYS = 90;
const HOURS_DAYS = 7;
/** Processes, consents, sessions and keys that are over. */
const OVER_DAYS = 1;
/** A month can be compared with the same one of last year. */
const EGRESS_DAYS = 400;
const AUDIT_DAYS = 730;

/** Removes what is older than its retention. Returns the number of rows. */
export async function prune(db: Queryable): Promise<number> {
  const removed = [
    await statements.pruneCycles.run(db, { days: HISTORY_DAYS }),
    await statements.pruneDbtRuns.run(db, { days: HISTORY_DAYS }),
    await statements.pruneDeadLetters.run(db, { days: DEAD_LETTER_DAYS }),
    await pruneDeliveryErrors.run(db, { days: DEAD_LETTER_DAYS }),
    await pruneObstacles.run(db, { days: OUTBOX_DAYS }),
    await statements.pruneRejected.run(db, { days: REJECTED_DAYS }),
    await statements.pruneOutbox.run(db, { days: OUTBOX_DAYS }),
    await statements.pruneStates.run(db, { kept: STATES_KEPT }),
    await statements.pruneLogLines.run(db, { days: LOG_DAYS }),
    await statements.pruneIncidents.run(db, { days: INCIDENT_DAYS }),
    await statements.pruneStreamHours.run(db, { days: HOURS_DAYS }),
    await statements.pruneEgressDays.run(db, { days: EGRESS_DAYS }),
    await statements.pruneInstances.run(db, { days: OVER_DAYS }),
    await statements.pruneChecks.run(db, { days: INCIDENT_DAYS }),
    await statements.pruneConsents.run(db, { days: OVER_DAYS }),
    await statements.pruneSessions.run(db, { days: OVER_DAYS }),
    await statements.pruneIdempotencyKeys.run(db, { days: OVER_DAYS }),
    await statements.pruneManifests.run(db, { days: HISTORY_DAYS }),
    await statements.pruneAudit.run(db, { days: AUDIT_DAYS }),
  ];
  return removed.reduce((sum, rows) => sum + rows, 0);
}
