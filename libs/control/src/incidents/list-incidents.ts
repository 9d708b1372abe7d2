import type { Incident } from '@pipeline/contracts/api';
import type { Queryable } from '@pipeline/postgres';
import { iso } from '../observe/instant.ts';
import { actionOf } from './catalogue.ts';

type Row = Omit<Incident, 'action' | 'consequences'> & { becauseOf: string | null };

const COLUMNS = `i.id::text, i.kind, i.subject, i.code, i.severity, i.title, i.cause, i.remedy, i.effect, i.pipeline, i.stream, i.run_id as "runId",
  ${iso('i.opened_at')} as "openedAt", ${iso('i.closed_at')} as "closedAt", i.because_of::text as "becauseOf",
  (select count(*) from (select from pipeline.cycles c where c.started_at >= i.opened_at and (i.closed_at is null or c.started_at <= i.closed_at) limit 1000) c)::float8 as cycles`;

/** What is open, worst first, then oldest; what probably follows from another hangs under it. */
export async function listOpenIncidents(db: Queryable): Promise<Incident[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from pipeline.incidents i where i.opened_at is not null and i.closed_at is null
     order by i.severity = 'warn', i.opened_at, i.id`,
  );
  return nest(rows);
}

/** Incidents of all times, newest first. */
export async function listIncidents(
  db: Queryable,
  page: { limit: number; before: string | null },
): Promise<Incident[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from pipeline.incidents i where i.opened_at is not null and ($2::bigint is null or i.id < $2) order by i.id desc limit $1`,
    [page.limit, page.before],
  );
  return rows.map(({ becauseOf: _, ...row }) => ({ ...row, action: actionOf(row), consequences: [] }));
}

function nest(rows: Row[]): Incident[] {
  const isThere = new Set(rows.map(({ id }) => id));
  const finished = ({ becauseOf: _, ...row }: Row) => ({ ...row, action: actionOf(row) });
  return rows
    .filter(({ becauseOf }) => becauseOf === null || !isThere.has(becauseOf))
    .map((row) => ({
      ...finished(row),
      consequences: rows.filter(({ becauseOf }) => becauseOf === row.id).map(finished),
    }));
}

/** Incidents that nobody has been told of yet, or not that they are over. Locked, so that one scheduler tells. */
export async function lockUntold(db: Queryable, limit: number): Promise<Incident[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from pipeline.incidents i
     where (i.opened_at is not null and not i.notified_opened) or (i.closed_at is not null and i.notified_opened and not i.notified_closed)
     order by i.id limit $1 for update of i skip locked`,
    [limit],
  );
  return rows.map(({ becauseOf: _, ...row }) => ({ ...row, action: actionOf(row), consequences: [] }));
}

/** Remembers that incidents were told, as they are now. */
export async function markTold(db: Queryable, ids: string[]): Promise<void> {
  await db.query(
    `update pipeline.incidents set notified_opened = true, notified_closed = closed_at is not null where id = any($1::bigint[])`,
    [ids],
  );
}
