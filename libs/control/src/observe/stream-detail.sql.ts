import { sql, statement } from '@pipeline/postgres';
import type { Column } from '@pipeline/protocol/api';
import type { z } from 'zod';
import { attemptOutcome } from '../status/index.ts';
import { iso } from './instant.sql.ts';

const { bool, float8, int8, json, nullable, oneOf, text, texts, uuid } = sql;

const READS_SHOWN = 20;

const CHANGE = `h.id::text, ${iso('h.at')} as at, coalesce((select min(p.connection) from pipeline.pipelines p
                           where pipeline.target_schema(p.name, h.stream, p.source) = h.database_schema), h.database_schema) as connection, h.stream, h.table_name as "table", h.column_name as "column",
                h.change, h.from_type as "fromType", h.to_type as "toType"`;

export const selectTable = statement({
  name: 'stream_detail.select_table',
  text: `select database_schema as "databaseSchema", table_name as "tableName", key_columns as "keyColumns"
         from pipeline.target_tables where database_schema = $1 and stream = $2`,
  parameters: { schema: nullable(text), stream: text },
  row: { databaseSchema: text, tableName: text, keyColumns: texts },
});

export const selectReads = statement({
  name: 'stream_detail.select_reads',
  text: `select k.run_id as "runId", a.epoch::text, coalesce(a.outcome, 'live') as state, ${iso('a.started_at')} as "startedAt",
                ${iso('a.finished_at')} as "finishedAt", extract(epoch from a.finished_at - a.started_at)::float8 as seconds,
                l.rows::float8, l.rejected::float8, case when a.stream = $3 then a.deleted else 0 end::float8 as deleted, l.bytes::float8,
                a.full_read as "isFull", a.error
         from (select * from pipeline.attempts where pipeline = $1 and stream = $2 order by finished_at desc limit ${READS_SHOWN}) a
         join pipeline.tasks k on k.id = a.task_id
         cross join lateral (select coalesce(sum(rows), 0) as rows, coalesce(sum(rejected), 0) as rejected, coalesce(sum(bytes), 0) as bytes
                             from pipeline.ledger where epoch = a.epoch and stream = $3) l
         order by a.epoch desc`,
  parameters: { pipeline: text, root: text, stream: text },
  row: {
    runId: uuid,
    epoch: text,
    state: oneOf(['live', ...attemptOutcome.all]),
    startedAt: text,
    finishedAt: nullable(text),
    seconds: nullable(float8),
    rows: float8,
    rejected: float8,
    deleted: float8,
    bytes: float8,
    isFull: bool,
    error: nullable(text),
  },
});

export const selectColumns = statement({
  name: 'stream_detail.select_columns',
  text: `select x.attname::text as name, format_type(x.atttypid, x.atttypmod) as type, k.property, not x.attnotnull as "isNullable",
                coalesce(x.attname = any(t.key_columns), false) as "isKey", ${iso('k.created_at')} as since,
                (select coalesce(json_agg(json_build_object('at', ${iso('h.at')}, 'change', h.change, 'fromType', h.from_type, 'toType', h.to_type) order by h.id desc), '[]')
                 from pipeline.schema_changes h where h.database_schema = $1 and h.stream = $3 and h.column_name = x.attname) as changes,
                (select coalesce(json_agg(json_build_object('name', q.conname, 'definition', pg_get_constraintdef(q.oid)) order by q.conname), '[]')
                 from pg_constraint q where q.conrelid = x.attrelid and q.contype = 'c' and x.attnum = any(q.conkey)) as checks,
                col_description(x.attrelid, x.attnum) as comment
         from pg_attribute x
         left join pipeline.target_columns k on k.database_schema = $1 and k.stream = $3 and k.column_name = x.attname
         left join pipeline.target_tables t on t.database_schema = $1 and t.stream = $3
         where x.attrelid = to_regclass(format('%I.%I', $1::text, $2::text)) and x.attnum > 0 and not x.attisdropped order by x.attnum`,
  parameters: { databaseSchema: text, tableName: text, stream: text },
  row: {
    name: text,
    type: text,
    property: nullable(text),
    isNullable: bool,
    isKey: bool,
    since: nullable(text),
    changes: json<z.infer<typeof Column>['changes']>(),
    checks: json<z.infer<typeof Column>['checks']>(),
    comment: nullable(text),
  },
});

export const selectSchemaChanges = statement({
  name: 'stream_detail.select_schema_changes',
  text: `select ${CHANGE} from pipeline.schema_changes h
         where ($1::text is null or h.database_schema = $1) and ($2::text is null or h.stream = $2) and ($3::bigint is null or h.id < $3)
         order by h.id desc limit $4`,
  parameters: { schema: nullable(text), stream: nullable(text), before: nullable(int8), limit: int8 },
  row: {
    id: text,
    at: text,
    connection: text,
    stream: text,
    table: text,
    column: nullable(text),
    change: text,
    fromType: nullable(text),
    toType: nullable(text),
  },
});

export const selectStates = statement({
  name: 'stream_detail.select_states',
  text: `select s.id::text, s.value::text, s.is_current as "isCurrent", s.set_by as "setBy", ${iso('s.applied_at')} as "appliedAt",
                k.run_id as "runId", s.epoch::text
         from pipeline.states s left join pipeline.attempts a on a.epoch = s.epoch left join pipeline.tasks k on k.id = a.task_id
         where s.pipeline = $1 and s.stream = $2 and ($3::bigint is null or s.id < $3) order by s.id desc limit $4`,
  parameters: { pipeline: text, stream: text, before: nullable(int8), limit: int8 },
  row: {
    id: text,
    value: text,
    isCurrent: bool,
    setBy: text,
    appliedAt: text,
    runId: nullable(uuid),
    epoch: nullable(text),
  },
});
