-- A PostgreSQL role per service, each with the rights it needs. For a server of your own: run it as an administrator in the database of the platform,
-- once the scheduler has started there for the first time, and again after an upgrade. It may be repeated. See docs/guides/roles.md.

-- Without passwords nobody can log in: give each one by \password, as pipeline_loader, and its service DB_USERNAME and DB_PASSWORD.
do $$
declare
  name text;
begin
  foreach name in array array['pipeline_scheduler', 'pipeline_loader', 'pipeline_tap', 'pipeline_dbt', 'pipeline_reader'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = name) then
      execute pg_catalog.format('create role %I login nosuperuser nocreatedb nocreaterole', name);
    end if;
  end loop;
end
$$;

-- A column under a view of dbt's gets a wider type only without the view: the loader takes it away and puts it back as dbt's.
grant pipeline_dbt to pipeline_loader;
-- The page shows rows, counts and the row beside a rejected record.
grant pipeline_reader to pipeline_scheduler;

do $$
declare
  item record;
  name text;
  -- Sessions, tokens, alert addresses, consents under way: the scheduler's alone.
  of_scheduler constant text[] := array['tokens', 'sessions', 'settings', 'alert_channels', 'idempotency_keys', 'consents'];
  -- Secrets of the sources: the taps' as well.
  of_taps constant text[] := array['credentials', 'connections', 'connection_checks'];
  of_dbt constant text[] := array['dbt_runs', 'dbt_results', 'dbt_manifests', 'dbt_nodes', 'outbox', 'delivery_errors', 'instances', 'log_lines', 'obstacles'];
  for_people constant text[] := array['run_summary', 'stream_runs', 'stream_freshness', 'alerts', 'violations', 'schema_changes'];
begin
  execute pg_catalog.format('revoke create on schema public from public');
  execute pg_catalog.format('alter schema pipeline owner to pipeline_scheduler');
  grant usage on schema pipeline to pipeline_loader, pipeline_tap, pipeline_dbt, pipeline_reader;
  execute pg_catalog.format('grant create on database %I to pipeline_scheduler, pipeline_loader, pipeline_dbt', pg_catalog.current_database());

  for item in
    select c.relname, c.relkind from pg_catalog.pg_class c
    where c.relnamespace = 'pipeline'::pg_catalog.regnamespace and c.relkind in ('r', 'v', 'S') and not exists (
      -- A sequence of an identity column has its table's owner.
      select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'i' and c.relkind = 'S')
  loop
    execute pg_catalog.format('alter %s pipeline.%I owner to pipeline_scheduler',
      case item.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, item.relname);
    execute pg_catalog.format('revoke all on pipeline.%I from pipeline_loader, pipeline_tap, pipeline_dbt, pipeline_reader', item.relname);
    if item.relkind = 'S' then
      execute pg_catalog.format('grant usage on sequence pipeline.%I to pipeline_loader, pipeline_tap, pipeline_dbt', item.relname);
      continue;
    end if;
    if item.relname <> all (of_scheduler) then
      execute pg_catalog.format('grant select, insert, update, delete on pipeline.%I to pipeline_tap', item.relname);
      if item.relname <> all (of_taps) then
        execute pg_catalog.format('grant select, insert, update, delete on pipeline.%I to pipeline_loader', item.relname);
      end if;
    end if;
    if item.relname = any (of_dbt) then
      execute pg_catalog.format('grant select, insert, update, delete on pipeline.%I to pipeline_dbt', item.relname);
    elsif item.relname in ('cycles', 'schema_migrations') then
      execute pg_catalog.format('grant select on pipeline.%I to pipeline_dbt', item.relname);
    end if;
    if item.relname = any (for_people) then
      execute pg_catalog.format('grant select on pipeline.%I to pipeline_reader', item.relname);
    end if;
  end loop;
  -- Where a stream's rows go (pipeline.target_schema); the sealed settings stay the taps'.
  grant select (name, target_schema) on pipeline.connections to pipeline_loader;
  revoke insert, update, delete on pipeline.schema_migrations, pipeline.audit_log from pipeline_loader, pipeline_tap, pipeline_dbt;
  -- A loader asks for columns; nobody but an operator allows them.
  revoke insert, update, delete on pipeline.column_consents from pipeline_loader, pipeline_tap;
  grant insert (pipeline, stream, wanted), update (wanted, wanted_at) on pipeline.column_consents to pipeline_loader;

  -- Functions run as whoever calls them, but for those that look at source tables or take rows back: they have the loader's rights, not the caller's.
  for item in
    select p.oid::pg_catalog.regprocedure::text as signature, p.proname from pg_catalog.pg_proc p
    where p.pronamespace = 'pipeline'::pg_catalog.regnamespace
  loop
    execute pg_catalog.format('revoke all on function %s from public', item.signature);
    execute pg_catalog.format('grant execute on function %s to pipeline_scheduler, pipeline_loader, pipeline_tap', item.signature);
    if item.proname in ('remove_late_rows', 'table_finding', 'measure_table', 'table_rows') then
      execute pg_catalog.format('alter function %s security definer', item.signature);
      execute pg_catalog.format('alter function %s set search_path = ''''', item.signature);
      execute pg_catalog.format('alter function %s owner to pipeline_loader', item.signature);
    end if;
  end loop;

  -- Schemas of the sources, with what is in them, are the loader's; dbt and people read them.
  for item in select distinct t.database_schema as name from pipeline.target_tables t loop
    if pg_catalog.to_regnamespace(pg_catalog.quote_ident(item.name)) is not null then
      execute pg_catalog.format('alter schema %I owner to pipeline_loader', item.name);
      execute pg_catalog.format('grant usage on schema %I to pipeline_dbt, pipeline_reader', item.name);
      for name in
        select c.relname from pg_catalog.pg_class c
        where c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident(item.name)) and c.relkind in ('r', 'p')
      loop
        execute pg_catalog.format('alter table %I.%I owner to pipeline_loader', item.name, name);
        execute pg_catalog.format('grant select on %I.%I to pipeline_dbt, pipeline_reader', item.name, name);
      end loop;
    end if;
  end loop;
end
$$;

-- What dbt has built before under another role is its own.
do $$
declare
  item record;
  name text;
begin
  for item in
    select distinct n.database_schema as name from pipeline.dbt_nodes n
    where n.kind <> 'source' and pg_catalog.to_regnamespace(pg_catalog.quote_ident(n.database_schema)) is not null
      and n.database_schema not in (select t.database_schema from pipeline.target_tables t)
  loop
    execute pg_catalog.format('alter schema %I owner to pipeline_dbt', item.name);
    execute pg_catalog.format('grant usage on schema %I to pipeline_reader', item.name);
    for name in
      select c.oid::pg_catalog.regclass::text from pg_catalog.pg_class c
      where c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident(item.name)) and c.relkind in ('r', 'p', 'v', 'm')
    loop
      -- Views and materialised views as well.
      execute pg_catalog.format('alter table %s owner to pipeline_dbt', name);
      execute pg_catalog.format('grant select on %s to pipeline_reader', name);
    end loop;
  end loop;
end
$$;

-- What they make from here on.
alter default privileges for role pipeline_loader grant usage on schemas to pipeline_dbt, pipeline_reader;
alter default privileges for role pipeline_loader grant select on tables to pipeline_dbt, pipeline_reader;
alter default privileges for role pipeline_dbt grant usage on schemas to pipeline_reader;
alter default privileges for role pipeline_dbt grant select on tables to pipeline_reader;
