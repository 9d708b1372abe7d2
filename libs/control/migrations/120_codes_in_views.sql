-- The code of an error beside its text wherever people read it.
create or replace view pipeline.stream_runs as
select
  r.cycle_id,
  t.run_id,
  t.pipeline,
  coalesce(l.stream, t.stream) as stream,
  t.status,
  coalesce((m.manifest -> 'streams' -> coalesce(l.stream, t.stream) ->> 'rows')::bigint, l.rows, 0) as rows_read,
  coalesce(l.rows - l.rejected, 0) as rows_loaded,
  coalesce(l.rejected, 0) as rows_rejected,
  coalesce(l.sanitised, 0) as values_sanitised,
  coalesce(l.bytes, 0) as bytes,
  t.attempts,
  a.started_at,
  coalesce(a.finished_at, t.finished_at) as finished_at,
  extract(epoch from coalesce(a.finished_at, t.finished_at) - coalesce(a.started_at, t.queued_at)) as seconds,
  t.error,
  t.error_code
from pipeline.tasks t
join pipeline.runs r on r.id = t.run_id
left join lateral (
  select * from pipeline.attempts a where a.task_id = t.id order by a.epoch desc limit 1
) a on true
left join pipeline.manifests m on m.epoch = a.epoch
left join lateral (
  select l.stream, sum(l.rows) as rows, sum(l.rejected) as rejected, sum(l.sanitised) as sanitised, sum(l.bytes) as bytes
  from pipeline.ledger l where l.epoch = a.epoch group by l.stream
) l on true;

-- Of a run that failed: the code of its first failed stream.
create or replace view pipeline.run_summary as
select
  r.id as run_id, r.cycle_id, r.pipeline, r.source, r.status, r.started_at, r.finished_at,
  extract(epoch from coalesce(r.finished_at, clock_timestamp()) - r.started_at) as seconds,
  coalesce(sum(s.rows_read), 0) as rows_read,
  coalesce(sum(s.rows_loaded), 0) as rows_loaded,
  coalesce(sum(s.rows_rejected), 0) as rows_rejected,
  r.error,
  (array_agg(s.error_code order by s.finished_at, s.stream) filter (where s.status = 'failed'))[1] as error_code
from pipeline.runs r
left join pipeline.stream_runs s on s.run_id = r.id
group by r.id;

-- What services say that they wait for, and services that say nothing any more while there is work for them: stopped, or cut off from PostgreSQL,
-- where nobody can say so. A stopped service takes its row away; a tap that is gone for longer has lost its task, and is an alert of its own.
create or replace view pipeline.present_obstacles as
select service, subject, kind, code, message, remedy, pipeline, stream, run_id, since, seen_at
from pipeline.obstacles where seen_at > clock_timestamp() - interval '1 minute'
union all
select i.service, i.service, 'service_silent', 'SERVICE_SILENT',
       format('%s gives no sign of life: it is not running, or cannot reach PostgreSQL', i.service),
       'start it, or see its log and /readyz; nothing is lost, and everything goes on by itself afterwards',
       null, null, null, i.seen_at, clock_timestamp()
from (select service, max(seen_at) as seen_at from pipeline.instances group by service) i
where i.seen_at < clock_timestamp() - interval '15 seconds' and i.seen_at > clock_timestamp() - interval '1 day'
  and exists (
    select from pipeline.tasks t
    where (i.service = 'loader' and t.status in ('running', 'loading')) or (i.service = 'tap-' || t.source and t.status = 'running')
  );

-- With what only services know of RabbitMQ, every alert has the code of what it is about.
do $$
begin
  execute 'create or replace view pipeline.alerts as
  select a.kind, a.subject, a.since, a.message, a.remedy,
         coalesce(case a.kind
           when ''failed_run'' then (select s.error_code from pipeline.run_summary s
                                     where s.pipeline = a.subject and s.status = ''failed'' order by s.started_at desc limit 1)
           when ''waiting'' then (select o.code from pipeline.present_obstacles o where o.subject = a.subject order by o.since limit 1)
           when ''dead_letters'' then (select d.code from pipeline.dead_letters d where d.queue = a.subject and d.status = ''open'' order by d.id desc limit 1)
         end, upper(a.kind)) as code
  from (' || rtrim(pg_get_viewdef('pipeline.alerts'::regclass), '; ') || ') a';
end $$;
