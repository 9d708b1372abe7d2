import { sql, statement } from '@pipeline/postgres';
import { iso } from './instant.sql.ts';

const { text, texts, int8, float8, bool, nullable } = sql;

export const selectIncidentEvents = statement({
  name: 'observe.incident_events',
  text: `(select ${iso('i.opened_at')} as at, false as "isOver", i.title, i.run_id::text as "runId"
          from pipeline.incidents i where i.opened_at is not null order by i.opened_at desc limit $1)
         union all
         (select ${iso('i.closed_at')}, true, i.title, i.run_id::text
          from pipeline.incidents i where i.closed_at is not null and i.opened_at is not null order by i.closed_at desc limit $1)
         order by 1 desc limit $1`,
  parameters: { limit: int8 },
  row: { at: text, isOver: bool, title: text, runId: nullable(text) },
});

/** Changes of a table in the first minutes after it was made are part of its making. */
const MAKING = `interval '10 minutes'`;

/** By kind of change, table and hour; new tables by schema and hour. */
export const selectSchemaEvents = statement({
  name: 'observe.schema_events',
  text: `with recent as (select * from pipeline.schema_changes where change <> 'add_unique_index' order by id desc limit 2000),
         kept as (
           select c.* from recent c
           where c.change = 'create_table' or not exists (
             select from pipeline.schema_changes made
             where made.database_schema = c.database_schema and made.stream = c.stream and made.change = 'create_table'
               and made.at between c.at - ${MAKING} and c.at))
         select ${iso('max(c.at)')} as at, c.change, c.database_schema as "databaseSchema",
                array_agg(distinct c.table_name order by c.table_name) as tables, (array_agg(c.stream order by c.id))[1] as stream,
                coalesce(array_agg(distinct c.column_name order by c.column_name) filter (where c.column_name is not null), '{}') as columns,
                (array_agg(c.to_type order by c.id desc))[1] as "toType",
                coalesce((select min(p.connection) from pipeline.pipelines p
                          where pipeline.target_schema(p.name, min(c.stream), p.source) = c.database_schema), c.database_schema) as connection
         from kept c
         group by c.database_schema, c.change, date_trunc('hour', c.at), case when c.change = 'create_table' then null else c.stream end
         order by max(c.at) desc limit $1`,
  parameters: { limit: int8 },
  row: {
    at: text,
    change: text,
    databaseSchema: text,
    tables: texts,
    stream: text,
    columns: texts,
    toType: nullable(text),
    connection: text,
  },
});

/** What people asked for, the same within an hour once. */
export const selectCommandEvents = statement({
  name: 'observe.command_events',
  text: `select ${iso('max(l.at)')} as at, l.actor, l.action, l.target, count(*)::float8 as times
         from (select * from pipeline.audit_log where action <> all($1) order by id desc limit 200) l
         group by l.actor, l.action, l.target, date_trunc('hour', l.at) order by max(l.at) desc limit $2`,
  parameters: { besides: texts, limit: int8 },
  row: { at: text, actor: text, action: text, target: text, times: float8 },
});

export const selectHours = statement({
  name: 'observe.hours',
  text: `select ${iso('h.hour')} as hour, h.pipeline, sum(h.rows)::float8 as rows, sum(h.rejected)::float8 as rejected
         from pipeline.stream_hours h where h.hour > clock_timestamp() - interval '24 hours'
         group by h.hour, h.pipeline order by h.hour, h.pipeline`,
  row: { hour: text, pipeline: text, rows: float8, rejected: float8 },
});

export const selectOpenCounts = statement({
  name: 'observe.open_counts',
  text: `select (select count(*) from pipeline.rejected_records where status in ('open', 'replaying'))::float8 as rejected,
                (select count(*) from pipeline.dead_letters where status = 'open')::float8 as "deadLetters"`,
  row: { rejected: float8, deadLetters: float8 },
});
