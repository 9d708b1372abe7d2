-- Where the rows of a stream go: as the loader's settings say, else as its connection says, else the schema named as the source.

-- Streams whose schema the settings of the loader give.
create table pipeline.stream_targets (
  pipeline text not null,
  stream text not null,
  database_schema text not null,
  primary key (pipeline, stream)
);

create function pipeline.target_schema(of_pipeline text, of_stream text, of_source text) returns text language sql stable as $$
  select coalesce(
    (select t.database_schema from pipeline.stream_targets t where t.pipeline = of_pipeline and t.stream = of_stream),
    (select c.target_schema from pipeline.pipelines p join pipeline.connections c on c.name = p.connection where p.name = of_pipeline),
    of_source)
$$;

-- 16777216: _sdc_sequence = epoch * 2^24 + seq.
create or replace function pipeline.remove_late_rows(attempt bigint, applied_seq integer) returns void
language plpgsql security definer set search_path = '' as $$
declare
  late record;
begin
  for late in
    select distinct t.database_schema, t.table_name
    from pipeline.ledger l
    join pipeline.attempts a using (epoch)
    join pipeline.tasks k on k.id = a.task_id
    join pipeline.target_tables t
      on t.stream = l.stream and t.database_schema = pipeline.target_schema(k.pipeline, l.stream, k.source)
    where l.epoch = attempt and not t.has_key
  loop
    execute format('delete from %I.%I where _sdc_sequence > $1 and _sdc_sequence < $2', late.database_schema, late.table_name)
    using attempt * 16777216 + applied_seq, (attempt + 1) * 16777216;
  end loop;
end
$$;
