import { sql, statement } from '@pipeline/postgres';
import { deadLetterStatus } from '../status/index.ts';
import { iso } from './instant.sql.ts';

const { float8, int4, int8, nullable, oneOf, text } = sql;

const COLUMNS = `d.id::text, d.queue, d.reason, d.properties ->> 'type' as type, d.headers ->> 'pipeline' as pipeline, d.headers ->> 'stream' as stream,
  (d.headers ->> 'rows')::float8 as rows, length(d.body)::float8 as bytes, d.status as state, ${iso('d.archived_at')} as "archivedAt",
  a.epoch::text, (d.headers ->> 'seq')::int as seq, case when a.epoch is null then null else coalesce(a.outcome, 'live') end as "attemptState"`;

const FROM = `from pipeline.dead_letters d
  left join pipeline.attempts a on a.epoch = case when d.headers ->> 'epoch' ~ '^\\d{1,18}$' then (d.headers ->> 'epoch')::bigint end`;

const ROW = {
  id: text,
  queue: text,
  reason: text,
  type: nullable(text),
  pipeline: nullable(text),
  stream: nullable(text),
  rows: nullable(float8),
  bytes: float8,
  state: oneOf(deadLetterStatus.all),
  archivedAt: text,
  epoch: nullable(text),
  seq: nullable(int4),
  // Of the batch's attempt: `live`, or its outcome. Null: no such attempt is known.
  attemptState: nullable(text),
};

export const selectDeadLetters = statement({
  name: 'dead_letter_list.select_dead_letters',
  text: `select ${COLUMNS} ${FROM} where d.status = $1 and ($2::bigint is null or d.id < $2) order by d.id desc limit $3`,
  parameters: { status: text, before: nullable(int8), limit: int8 },
  row: ROW,
});

export const selectDeadLetter = statement({
  name: 'dead_letter_list.select_dead_letter',
  text: `select ${COLUMNS} ${FROM} where d.id = $1`,
  parameters: { id: int8 },
  row: ROW,
});
