-- Every failure says its reason: dead letters keep the last error and who closed them, and what services wait for is a row while they wait.

alter table pipeline.dead_letters
  -- SQLSTATE, or the code of the error; null where only the broker knows.
  add column code text,
  add column closed_at timestamptz,
  add column closed_by text,
  add column close_reason text;

-- What whoever gave up on a message had to say, until the message is archived: a nack carries no words.
create table pipeline.delivery_errors (
  queue text not null,
  message_id text not null,
  code text,
  reason text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (queue, message_id)
);

-- What a service waits for now (kinds: docs/reference/failures.md). A row that nobody has touched for a minute is over.
create table pipeline.obstacles (
  service text not null,
  subject text not null,
  kind text not null,
  code text,
  message text not null,
  remedy text not null,
  pipeline text,
  stream text,
  run_id uuid,
  since timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  primary key (service, subject)
) with (fillfactor = 50);
create index obstacles_run on pipeline.obstacles (run_id);

create view pipeline.present_obstacles as
select * from pipeline.obstacles where seen_at > clock_timestamp() - interval '1 minute';

-- As in 050, with what services wait for.
create or replace view pipeline.alerts as
select 'violation' as kind, concat_ws('/', v.pipeline, v.stream, v.epoch::text) as subject, clock_timestamp() as since,
       v.invariant as message, 'this is a defect: please report it, with the logs of that time' as remedy
from pipeline.violations v
union all
select 'no_scheduler', 'scheduler', coalesce(leader.until, clock_timestamp()), 'no scheduler leads: no run starts, and nobody looks after those that do not move',
       'start the scheduler, or see its log and /readyz'
from (select max(lease_until) as until from pipeline.leaders where name = 'scheduler') leader
where coalesce(leader.until, '-infinity') < clock_timestamp() - interval '1 minute' and exists (select from pipeline.pipelines)
union all
select 'no_tap', p.name, p.seen_at, format('tap-%s gives no sign of life', p.source), format('start tap-%s, or pause the pipeline', p.source)
from pipeline.pipelines p
where not p.paused and p.seen_at < clock_timestamp() - interval '1 minute'
union all
select 'failed_run', r.pipeline, r.finished_at, coalesce(r.error, 'a stream failed'), 'do what the message says; the next cycle tries again'
from pipeline.pipelines p
cross join lateral (
  select * from pipeline.runs r where r.pipeline = p.name and r.status <> 'running' order by r.started_at desc limit 1
) r
where r.status = 'failed'
union all
select 'stuck_run', r.pipeline, m.moved_at, format('run %s does not move: %s', r.id, m.waiting),
       'see the log and /readyz of the tap (queued, running) or of the loaders (loading); to give it up, cancel the run'
from pipeline.runs r
cross join lateral (
  select max(greatest(t.queued_at, t.finished_at, a.started_at, a.extracted_at, a.progress_at,
                      (select max(l.loaded_at) from pipeline.ledger l where l.epoch = a.epoch))) as moved_at,
         string_agg(t.stream || ' ' || t.status, ', ' order by t.stream) filter (where t.status in ('queued', 'running', 'loading')) as waiting
  from pipeline.tasks t
  left join pipeline.attempts a on a.epoch = t.current_epoch
  where t.run_id = r.id
) m
where r.status = 'running' and m.moved_at < clock_timestamp() - interval '15 minutes'
union all
select 'dead_lease', a.pipeline || '/' || a.stream, a.lease_until, format('attempt %s has lost its tap, and nobody has ended it', a.epoch),
       'start the scheduler, or see its log: its watchdog ends such an attempt within seconds'
from pipeline.attempts a
join pipeline.tasks t on t.current_epoch = a.epoch
where t.status = 'running' and a.outcome is null and a.extracted_at is null and a.lease_until < clock_timestamp() - interval '30 seconds'
union all
select 'outbox_waiting', o.exchange, min(o.created_at), format('%s commands or events are not published', count(*)),
       'is RabbitMQ there, and does it take messages? See /readyz and the log of the scheduler'
from pipeline.outbox o
where o.published_at is null
group by o.exchange
having min(o.created_at) < clock_timestamp() - interval '1 minute'
union all
select 'dead_letters', d.queue, min(d.archived_at), format('%s messages could not be handled, the last one because: %s', count(*), (array_agg(d.reason order by d.id desc))[1]),
       'those of attempts that are over are discarded by themselves when a later attempt has loaded the stream; else see /api/dead-letters: replay, skip or discard each'
from pipeline.dead_letters d
where d.status = 'open'
group by d.queue
union all
select 'rejected_records', j.pipeline || '/' || j.stream, min(j.rejected_at), format('%s records do not fit', count(*)),
       'see /api/rejected-records: mend the cause, then replay or discard them'
from pipeline.rejected_records j
where j.status = 'open'
group by j.pipeline, j.stream
union all
select 'dbt_waiting', b.target, coalesce(b.lease_until, b.requested_at), 'a dbt build waits and no dbt-runner builds it',
       'start the dbt-runner, or see its log and /readyz'
from pipeline.dbt_runs b
where b.status in ('queued', 'running') and coalesce(b.lease_until, b.requested_at) < clock_timestamp() - interval '5 minutes'
  and not exists (select from pipeline.dbt_runs o where o.target = b.target and o.status = 'running' and o.lease_until > clock_timestamp())
union all
select 'waiting', b.subject, min(b.since), format('%s: %s waits', (array_agg(b.message order by b.since))[1], string_agg(distinct b.service, ', ')),
       (array_agg(b.remedy order by b.since))[1]
from pipeline.present_obstacles b
where b.since < clock_timestamp() - interval '20 seconds'
group by b.subject, b.kind;
