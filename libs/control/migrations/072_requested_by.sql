-- A cycle remembers who asked for its first run; the wish is used up by it.
create function pipeline.name_requester() returns trigger
language plpgsql as $$
declare
  requester text;
begin
  select requested_by into requester from pipeline.pipelines where name = new.pipeline;
  if requester is null then return null; end if;
  update pipeline.cycles set requested_by = coalesce(requested_by, nullif(requester, 'schedule')) where id = new.cycle_id;
  update pipeline.pipelines set requested_by = null where name = new.pipeline;
  return null;
end
$$;
create trigger name_requester after insert on pipeline.runs for each row execute function pipeline.name_requester();
