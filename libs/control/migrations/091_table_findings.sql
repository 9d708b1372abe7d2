-- The task whose bookmark says that the rows are there. Null: of target-postgres, or not measured yet.
alter table pipeline.target_tables
  add column task_pipeline text,
  add column task_stream text;
create index target_tables_task on pipeline.target_tables (task_pipeline, task_stream);

-- A claim and a finaliser ask, which need no right on any source table: the functions have those of their owner.
alter function pipeline.table_rows(regclass) security definer set search_path = '';
alter function pipeline.measure_table(text, text) security definer set search_path = '';
alter function pipeline.table_finding(text, text) security definer set search_path = '';
revoke all on function pipeline.table_rows, pipeline.measure_table, pipeline.table_finding from public;

-- A table that was found changed is an alert until a day after its stream was read in full.
do $$
begin
  execute 'create or replace view pipeline.alerts as ' || rtrim(pg_get_viewdef('pipeline.alerts'::regclass), '; ') || '
  union all
  select ''table_changed'', f.database_schema || ''/'' || f.stream, min(f.found_at),
    format(''somebody changed the table of %s.%s: %s. %s'', f.database_schema, f.stream, (array_agg(f.finding order by f.id desc))[1],
      case when bool_and(f.resolved_at is not null) then ''It was read in full again'' else ''It is being read in full'' end),
    ''nothing: the rows come again by themselves. See who changes tables of the warehouse''
  from pipeline.table_findings f
  where f.task_id is not null and (f.resolved_at is null or f.resolved_at > clock_timestamp() - interval ''1 day'')
  group by f.database_schema, f.stream';
end $$;
