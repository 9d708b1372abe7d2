import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import type { Problem } from './problem.ts';
import * as statements from './reconcile.sql.ts';

interface Known {
  id: string;
  kind: string;
  subject: string;
  isOpen: boolean;
  isMissed: boolean;
}

/** Compares what is wrong now with what was: a problem that two looks have seen becomes an incident, one that two looks have missed is over.
 *  Returns whether anything opened or closed. */
export async function reconcileIncidents(pool: Pool, problems: Problem[]): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const rows = await statements.lockOpenIncidents.all(client);
    const known = new Map(rows.map((row) => [`${row.kind}\n${row.subject}`, row]));
    let isChanged = false;
    for (const problem of problems) {
      const key = `${problem.kind}\n${problem.subject}`;
      const incident = known.get(key);
      known.delete(key);
      if (incident === undefined) await statements.insertIncident.run(client, problem);
      else await statements.updateIncident.run(client, { ...problem, id: incident.id });
      isChanged ||= incident?.isOpen === false;
    }
    for (const incident of known.values()) {
      await miss(client, incident);
      isChanged ||= incident.isOpen && incident.isMissed;
    }
    return isChanged;
  });
}

async function miss(client: PoolClient, { id, isOpen, isMissed }: Known): Promise<void> {
  if (!isOpen) await statements.deleteIncident.run(client, { id });
  else if (isMissed) await statements.closeIncident.run(client, { id });
  else await statements.missIncident.run(client, { id });
}

/** Hangs incidents of dbt nodes under the incident of a stream that they are built from, if that was there first. */
export async function linkIncidents(pool: Pool): Promise<void> {
  await statements.linkIncidents.run(pool);
}
