import type { Pool } from '@pipeline/postgres';
import * as statements from './leader.sql.ts';

/** Leader election: takes the lead or keeps it. It only spares idle replicas their work: what two leaders would decide at the same time is
 *  decided once by unique indexes and row locks.
 *  @param leaseMs without renewal another replica takes over after this long */
export async function electLeader(pool: Pool, name: string, holder: string, leaseMs: number): Promise<boolean> {
  return (await statements.takeOrKeepLead.run(pool, { name, holder, leaseSeconds: leaseMs / 1000 })) === 1;
}

/** Lets another replica lead at once. */
export async function resignLead(pool: Pool, name: string, holder: string): Promise<void> {
  await statements.deleteLead.run(pool, { name, holder });
}
