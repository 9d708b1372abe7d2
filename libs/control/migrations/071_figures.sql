-- What a run came to, written once when it ends: lists of runs and cycles read one row a run, however large the ledger is.
create table pipeline.run_figures (
  run_id uuid primary key references pipeline.runs on delete cascade,
  rows_read bigint not null,
  rows_loaded bigint not null,
  rejected bigint not null,
  deleted bigint not null,
  bytes bigint not null,
  waited_seconds double precision not null
);

create function pipeline.figures_of_run(run uuid) returns pipeline.run_figures
language sql stable as $$
  select run, coalesce(sum(s.rows_read), 0)::bigint, coalesce(sum(s.rows_loaded), 0)::bigint, coalesce(sum(s.rows_rejected), 0)::bigint,
         (select coalesce(sum(a.deleted), 0)::bigint from pipeline.tasks t join pipeline.attempts a on a.task_id = t.id where t.run_id = run),
         coalesce(sum(s.bytes), 0)::bigint,
         (select coalesce(sum(extract(epoch from w.until_at - w.from_at)), 0)::float8
          from pipeline.tasks t join pipeline.attempts a on a.task_id = t.id join pipeline.waits w on w.epoch = a.epoch where t.run_id = run)
  from pipeline.stream_runs s where s.run_id = run
$$;

create function pipeline.keep_run_figures() returns trigger
language plpgsql as $$
begin
  insert into pipeline.run_figures select (pipeline.figures_of_run(new.id)).* on conflict (run_id) do nothing;
  return null;
end
$$;
create trigger keep_run_figures after update of status on pipeline.runs
for each row when (old.status = 'running' and new.status <> 'running') execute function pipeline.keep_run_figures();

insert into pipeline.run_figures
select f.* from pipeline.runs r cross join lateral pipeline.figures_of_run(r.id) f where r.status <> 'running';

-- What makes rejected records one: their key, so that older states of the same record are known, and the constraint they break.
alter table pipeline.rejected_records add column if not exists record_key text, add column if not exists constraint_name text;

create function pipeline.name_rejected_record() returns trigger
language plpgsql as $$
declare
  fields jsonb;
  key text[];
begin
  new.constraint_name := coalesce(new.constraint_name, substring(new.reason from 'constraint "?([A-Za-z_][A-Za-z0-9_]*)"?'));
  if new.record_key is null then
    -- A line that is no JSON, or none that PostgreSQL can hold, has no key.
    begin
      fields := new.record::jsonb;
      fields := coalesce(fields -> 'record', fields);
      select array_agg(fields ->> k.property order by k.property) into key
      from pipeline.pipelines p
      left join pipeline.connections c on c.name = p.connection
      join pipeline.target_tables t on t.database_schema = coalesce(c.target_schema, p.source) and t.stream = new.stream
      join pipeline.target_columns k on k.database_schema = t.database_schema and k.stream = t.stream and k.column_name = any(t.key_columns)
      where p.name = new.pipeline;
      if key is not null and array_position(key, null) is null then new.record_key := left(array_to_string(key, '/'), 500); end if;
    exception when others then
      new.record_key := null;
    end;
  end if;
  return new;
end
$$;
create trigger name_rejected_record before insert on pipeline.rejected_records
for each row execute function pipeline.name_rejected_record();
create index rejected_records_key on pipeline.rejected_records (pipeline, stream, record_key, id) where status = 'open';
