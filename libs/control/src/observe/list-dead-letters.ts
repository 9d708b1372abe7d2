import type { Queryable } from '@pipeline/postgres';
import { iso } from './instant.ts';

export interface DeadLetterRow {
  id: string;
  queue: string;
  reason: string;
  type: string | null;
  pipeline: string | null;
  stream: string | null;
  rows: number | null;
  bytes: number;
  state: 'open' | 'replayed' | 'skipped' | 'discarded';
  archivedAt: string;
  epoch: string | null;
  seq: number | null;
  /** Of the batch's attempt: null while it is live. Undefined: no such attempt is known. */
  attemptState: string | null;
}

const COLUMNS = `d.id::text, d.queue, d.reason, d.properties ->> 'type' as type, d.headers ->> 'pipeline' as pipeline, d.headers ->> 'stream' as stream,
  (d.headers ->> 'rows')::float8 as rows, length(d.body)::float8 as bytes, d.status as state, ${iso('d.archived_at')} as "archivedAt",
  a.epoch::text, (d.headers ->> 'seq')::int as seq, case when a.epoch is null then null else coalesce(a.outcome, 'live') end as "attemptState"`;
const FROM = `from pipeline.dead_letters d
  left join pipeline.attempts a on a.epoch = case when d.headers ->> 'epoch' ~ '^\\d{1,18}$' then (d.headers ->> 'epoch')::bigint end`;

/** Newest first, without bodies. */
export async function listDeadLetterRows(
  db: Queryable,
  filter: { status: string; before: string | null; limit: number },
): Promise<DeadLetterRow[]> {
  const { rows } = await db.query<DeadLetterRow>(
    `select ${COLUMNS} ${FROM} where d.status = $1 and ($2::bigint is null or d.id < $2) order by d.id desc limit $3`,
    [filter.status, filter.before, filter.limit],
  );
  return rows;
}

export async function readDeadLetterRow(db: Queryable, id: string): Promise<DeadLetterRow | undefined> {
  const { rows } = await db.query<DeadLetterRow>(`select ${COLUMNS} ${FROM} where d.id = $1`, [id]);
  return rows[0];
}
