import type { Queryable } from '@pipeline/postgres';
import type { Incident } from '@pipeline/protocol/api';
import { actionOf } from './catalogue.ts';
import * as statements from './list-incidents.sql.ts';

type Row = Omit<Incident, 'action' | 'consequences'> & { becauseOf: string | null };

/** What is open, worst first, then oldest; what probably follows from another hangs under it. */
export async function listOpenIncidents(db: Queryable): Promise<Incident[]> {
  return nest(await statements.selectOpenIncidents.all(db));
}

/** Incidents of all times, newest first. */
export async function listIncidents(
  db: Queryable,
  page: { limit: number; before: string | null },
): Promise<Incident[]> {
  const rows = await statements.selectIncidents.all(db, page);
  return rows.map((row) => ({ ...withAction(row), consequences: [] }));
}

const withAction = ({ becauseOf: _, ...row }: Row) => ({ ...row, action: actionOf(row) });

function nest(rows: Row[]): Incident[] {
  const isThere = new Set(rows.map(({ id }) => id));
  return rows
    .filter(({ becauseOf }) => becauseOf === null || !isThere.has(becauseOf))
    .map((row) => ({
      ...withAction(row),
      consequences: rows.filter(({ becauseOf }) => becauseOf === row.id).map(withAction),
    }));
}

/** Incidents that nobody has been told of yet, or not that they are over. Locked, so that one scheduler tells. */
export async function lockUntold(db: Queryable, limit: number): Promise<Incident[]> {
  const rows = await statements.lockUntoldIncidents.all(db, { limit });
  return rows.map((row) => ({ ...withAction(row), consequences: [] }));
}

/** Remembers that incidents were told, as they are now. */
export async function markTold(db: Queryable, ids: string[]): Promise<void> {
  await statements.markIncidentsTold.run(db, { ids });
}
