-- A bookmark says that rows are in a table: it holds only for the table as it was. What the table was when the bookmark was last right.

alter table pipeline.schema_changes drop constraint schema_changes_change_check;
alter table pipeline.schema_changes add constraint schema_changes_change_check
  check (change in ('create_table', 'add_column', 'widen_column', 'drop_not_null', 'change_key', 'add_unique_index', 'restore_view'));

alter table pipeline.target_tables
  -- Null: not measured yet.
  add column table_oid oid,
  add column measured_rows bigint,
  add column measured_at timestamptz;

-- Rows of a table: counted up to 80 MB, above that by the server's own statistics, which a crash may have reset.
create function pipeline.table_rows(target regclass) returns bigint language plpgsql stable as $$
declare
  n bigint;
begin
  if pg_relation_size(target) > 80 * 1024 * 1024 then
    n := pg_stat_get_live_tuples(target);
    if n > 0 then return n; end if;
  end if;
  execute format('select count(*) from %s', target) into n;
  return n;
end $$;

-- Remembers what the table is now. Called when its bookmark is right: at the end of a complete attempt.
create function pipeline.measure_table(of_schema text, of_stream text) returns void language plpgsql as $$
declare
  target regclass;
begin
  select to_regclass(format('%I.%I', t.database_schema, t.table_name)) into target
  from pipeline.target_tables t where t.database_schema = of_schema and t.stream = of_stream;
  if target is null then return; end if;
  update pipeline.target_tables
  set table_oid = target, measured_rows = pipeline.table_rows(target), measured_at = clock_timestamp()
  where database_schema = of_schema and stream = of_stream;
end $$;

-- What has become of the table since it was measured, in words: null when it is the table that the bookmark is about. Rows never leave it by our
-- hand (deletes are marks), so 5 % less is somebody else's work; single rows may be removed on purpose.
create function pipeline.table_finding(of_schema text, of_stream text) returns text language plpgsql stable as $$
declare
  known pipeline.target_tables;
  target regclass;
  missing text;
  n bigint;
begin
  select * into known from pipeline.target_tables t where t.database_schema = of_schema and t.stream = of_stream;
  if known.table_oid is null then return null; end if;
  target := to_regclass(format('%I.%I', known.database_schema, known.table_name));
  if target is null then return 'the table is gone'; end if;
  if target::oid <> known.table_oid then return 'another table stands in its place'; end if;
  select string_agg(c.column_name, ', ' order by c.column_name) into missing
  from pipeline.target_columns c
  where c.database_schema = of_schema and c.stream = of_stream and not exists (
    select from pg_attribute a where a.attrelid = target and a.attname = c.column_name and not a.attisdropped);
  if missing is not null then return format('it has no column %s any more', missing); end if;
  n := pipeline.table_rows(target);
  if n < known.measured_rows * 0.95 then return format('it has %s rows and had %s', n, known.measured_rows); end if;
  return null;
end $$;

-- What was found of a table and what was done about it: the alert of it ends when the stream has been read in full.
create table pipeline.table_findings (
  id bigint generated always as identity primary key,
  database_schema text not null,
  stream text not null,
  finding text not null,
  -- Null: found by target-postgres, which has no tasks.
  task_id uuid,
  found_at timestamptz not null default clock_timestamp(),
  resolved_at timestamptz
);
create index table_findings_open on pipeline.table_findings (database_schema, stream) where resolved_at is null;
