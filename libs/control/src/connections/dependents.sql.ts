import { sql, statement } from '@pipeline/postgres';

const { float8, jsonb, nullable, text, texts } = sql;

export const selectDependentTables = statement({
  name: 'dependents.select_dependent_tables',
  text: `select t.stream, t.database_schema || '.' || t.table_name as "table", coalesce(x.n_live_tup, 0)::float8 as rows
         from pipeline.target_tables t
         left join pg_stat_user_tables x on x.schemaname = t.database_schema and x.relname = t.table_name
         where t.database_schema = $1 order by t.stream`,
  parameters: { schema: text },
  row: { stream: text, table: text, rows: float8 },
});

export const deleteTargetTables = statement({
  name: 'dependents.delete_target_tables',
  text: `delete from pipeline.target_tables where database_schema = $1 and stream = any($2) returning table_name as name`,
  parameters: { schema: text, streams: texts },
  row: { name: text },
});

export const upsertPipeline = statement({
  name: 'dependents.upsert_pipeline',
  text: `insert into pipeline.pipelines (name, source, streams, schedule, seen_at)
         values ($1, $2, '[]', $3, clock_timestamp() - interval '20 seconds')
         on conflict (name) do update set schedule = excluded.schedule`,
  parameters: { name: text, source: text, schedule: nullable(jsonb()) },
});
