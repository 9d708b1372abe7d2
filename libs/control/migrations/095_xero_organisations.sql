-- Rows of Xero say to which organisation they belong, and it is part of their key: one connection may read several. Tables from before get the
-- column, filled with the one organisation that they were read from, and the longer key. The tap reads everything once more afterwards: should the
-- organisation's id not have been its tenant's, the rows under the wrong one are marked as deleted by that read.
create function pipeline.add_xero_organisation() returns void language plpgsql set search_path = '' as $$
declare
  tenant text;
  stream_table record;
  key_name name;
  old_key text[];
begin
  if to_regclass('xero.organisation') is not null then
    execute 'select min(organisation_id) from xero.organisation where _sdc_deleted_at is null' into tenant;
  end if;
  for stream_table in
    select t.stream, t.table_name, t.key_columns from pipeline.target_tables t
    where t.database_schema = 'xero' and t.has_key
      and t.stream in ('organisation', 'accounts', 'contacts', 'invoices', 'invoice_line_items', 'payments', 'bank_transactions',
                       'bank_transaction_line_items')
      and not exists (
        select from pipeline.target_columns c
        where c.database_schema = 'xero' and c.stream = t.stream and c.property = 'TenantID'
      )
  loop
    execute format('alter table xero.%I add column tenant_id text', stream_table.table_name);
    execute format('update xero.%I set tenant_id = $1', stream_table.table_name) using coalesce(tenant, 'unknown');
    select c.conname, array_agg(a.attname::text order by k.place) into key_name, old_key
    from pg_catalog.pg_constraint c
    cross join unnest(c.conkey) with ordinality k (attnum, place)
    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
    where c.conrelid = format('xero.%I', stream_table.table_name)::regclass and c.contype = 'p'
    group by c.conname;
    execute format('alter table xero.%I drop constraint %I', stream_table.table_name, key_name);
    execute format('alter table xero.%I add primary key (tenant_id, %s)', stream_table.table_name,
                   (select string_agg(quote_ident(column_name), ', ' order by place)
                    from unnest(old_key) with ordinality u (column_name, place)));
    insert into pipeline.target_columns (database_schema, stream, property, column_name)
    values ('xero', stream_table.stream, 'TenantID', 'tenant_id');
    update pipeline.target_tables set key_columns = array['tenant_id'] || old_key
    where database_schema = 'xero' and stream = stream_table.stream;
    insert into pipeline.schema_changes (database_schema, stream, table_name, column_name, change, from_type, to_type)
    values ('xero', stream_table.stream, stream_table.table_name, 'tenant_id', 'change_key', array_to_string(old_key, ', '),
            'tenant_id, ' || array_to_string(old_key, ', '));
  end loop;
end
$$;

select pipeline.add_xero_organisation();
