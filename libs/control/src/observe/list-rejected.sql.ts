import { sql, statement } from '@pipeline/postgres';
import { rejectedStatus } from '../status/index.ts';
import { iso } from './instant.sql.ts';

const { bool, float8, int4, int8, nullable, oneOf, text, uuid } = sql;

/** What makes records one group. */
const GROUP = `substr(md5(concat_ws(E'\\x1f', j.pipeline, j.stream, coalesce(j.sqlstate, ''), coalesce(j.column_name, ''), coalesce(j.constraint_name, ''),
  case when j.sqlstate is null then j.reason else '' end)), 1, 16)`;

const OLDER = `(select count(*) from pipeline.rejected_records o where o.pipeline = j.pipeline and o.stream = j.stream and o.status = j.status
  and o.record_key = j.record_key and o.id < j.id)`;

const IS_NEWEST = `not exists (select from pipeline.rejected_records n where n.pipeline = j.pipeline and n.stream = j.stream and n.status = j.status
  and n.record_key = j.record_key and n.id > j.id)`;

const COLUMNS = `j.id::text, ${GROUP} as "groupId", p.connection, j.pipeline, j.stream, j.record_key as key, j.status as state, j.reason,
  j.column_name as "column", j.constraint_name as "constraint", j.sqlstate, ${iso('j.rejected_at')} as "rejectedAt", j.run_id as "runId",
  j.epoch::text, j.seq, ${OLDER}::float8 as older`;

export const selectRejectedGroups = statement({
  name: 'rejected_list.select_rejected_groups',
  text: `with grouped as (
           select ${GROUP} as id, j.pipeline, j.stream, j.sqlstate, j.column_name, j.constraint_name, max(j.reason) as reason,
                  count(*) filter (where j.status = 'open') as count, count(*) filter (where j.status = 'open' and ${IS_NEWEST}) as keys,
                  count(*) filter (where j.status = 'replaying') as replaying, min(j.rejected_at) as since, max(j.rejected_at) as newest,
                  max(j.epoch) as newest_epoch
           from pipeline.rejected_records j where j.status in ('open', 'replaying') group by 1, 2, 3, 4, 5, 6
         )
         select g.id, p.connection, g.pipeline, g.stream, g.sqlstate, g.column_name as "column", g.constraint_name as "constraint", g.reason,
                g.count::float8, g.keys::float8, g.replaying::float8, ${iso('g.since')} as since, ${iso('g.newest')} as "newestAt",
                (select count(*) from pipeline.rejected_records j where j.epoch = g.newest_epoch and j.pipeline = g.pipeline and j.stream = g.stream
                  and j.sqlstate is not distinct from g.sqlstate and j.column_name is not distinct from g.column_name)::float8 as "lastRun",
                pipeline.target_schema(g.pipeline, g.stream, p.source) as "databaseSchema", t.table_name as "tableName", pg_get_constraintdef(k.oid) as definition
         from grouped g join pipeline.pipelines p on p.name = g.pipeline
         left join pipeline.target_tables t on t.database_schema = pipeline.target_schema(g.pipeline, g.stream, p.source) and t.stream = g.stream
         left join pg_constraint k on k.conname = g.constraint_name and k.conrelid = to_regclass(format('%I.%I', t.database_schema, t.table_name))
         where $1::text is null or p.connection = $1
         order by g.count desc, g.since`,
  parameters: { connection: nullable(text) },
  row: {
    id: text,
    connection: text,
    pipeline: text,
    stream: text,
    sqlstate: nullable(text),
    column: nullable(text),
    constraint: nullable(text),
    reason: text,
    count: float8,
    keys: float8,
    replaying: float8,
    since: text,
    newestAt: text,
    lastRun: float8,
    databaseSchema: text,
    tableName: nullable(text),
    definition: nullable(text),
  },
});

const REJECTED = {
  id: text,
  groupId: text,
  connection: text,
  pipeline: text,
  stream: text,
  key: nullable(text),
  state: oneOf(rejectedStatus.all),
  reason: text,
  column: nullable(text),
  constraint: nullable(text),
  sqlstate: nullable(text),
  rejectedAt: text,
  runId: nullable(uuid),
  epoch: nullable(text),
  seq: nullable(int4),
  older: float8,
};

export const selectRejectedRows = statement({
  name: 'rejected_list.select_rejected_rows',
  text: `select ${COLUMNS} from pipeline.rejected_records j join pipeline.pipelines p on p.name = j.pipeline
         where j.status = $1 and ($2::text is null or ${GROUP} = $2) and (not $3 or ${IS_NEWEST})
           and ($4::text is null or p.connection = $4) and ($5::text is null or j.stream = $5)
           and ($6::text is null or strpos(lower(coalesce(j.record_key, '')), lower($6)) > 0 or strpos(lower(j.reason), lower($6)) > 0)
           and ($7::bigint is null or j.id < $7)
         order by j.id desc limit $8`,
  parameters: {
    status: text,
    group: nullable(text),
    newest: bool,
    connection: nullable(text),
    stream: nullable(text),
    q: nullable(text),
    before: nullable(int8),
    limit: int8,
  },
  row: REJECTED,
});

export const selectRejectedRow = statement({
  name: 'rejected_list.select_rejected_row',
  text: `select ${COLUMNS}, j.record from pipeline.rejected_records j join pipeline.pipelines p on p.name = j.pipeline where j.id = $1`,
  parameters: { id: int8 },
  row: {
    ...REJECTED,
    record: text,
  },
});

export const lockGroup = statement({
  name: 'rejected_list.lock_group',
  text: `select j.id::text from pipeline.rejected_records j
         where j.status = 'open' and ${GROUP} = $1 and (not $2 or ${IS_NEWEST}) order by j.id for update of j`,
  parameters: { group: text, newestOnly: bool },
  row: { id: text },
});
