-- What an unfinished attempt committed beyond its last applied bookmark to tables without a key. A claim asks for it, and a tap that claims needs
-- no right on any source table: the function has those of its owner. It touches tables of the registry only.
-- 16777216: _sdc_sequence = epoch * 2^24 + seq.
create function pipeline.remove_late_rows(attempt bigint, applied_seq integer) returns void
language plpgsql security definer set search_path = '' as $$
declare
  late record;
begin
  for late in
    select distinct t.database_schema, t.table_name
    from pipeline.ledger l
    join pipeline.attempts a using (epoch)
    join pipeline.tasks k on k.id = a.task_id
    join pipeline.target_tables t on t.database_schema = k.source and t.stream = l.stream
    where l.epoch = attempt and not t.has_key
  loop
    execute format('delete from %I.%I where _sdc_sequence > $1 and _sdc_sequence < $2', late.database_schema, late.table_name)
    using attempt * 16777216 + applied_seq, (attempt + 1) * 16777216;
  end loop;
end
$$;
revoke all on function pipeline.remove_late_rows from public;
