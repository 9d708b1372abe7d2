-- Views for people and alerts. Their columns are documented in docs/reference/views.md and kept stable.

-- One row per stream of every run: what was read, loaded and rejected.
create view pipeline.stream_runs as
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
  t.error
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

create view pipeline.run_summary as
select
  r.id as run_id, r.cycle_id, r.pipeline, r.source, r.status, r.started_at, r.finished_at,
  extract(epoch from coalesce(r.finished_at, clock_timestamp()) - r.started_at) as seconds,
  coalesce(sum(s.rows_read), 0) as rows_read,
  coalesce(sum(s.rows_loaded), 0) as rows_loaded,
  coalesce(sum(s.rows_rejected), 0) as rows_rejected,
  r.error
from pipeline.runs r
left join pipeline.stream_runs s on s.run_id = r.id
group by r.id;

-- When each stream was last loaded to its end. Alert on `age`.
create view pipeline.stream_freshness as
select a.pipeline, a.stream, max(a.finished_at) as loaded_at, clock_timestamp() - max(a.finished_at) as age
from pipeline.attempts a
where a.outcome = 'loaded'
group by a.pipeline, a.stream;

-- The invariants as SQL: empty at every moment.
create view pipeline.violations as
select 'I1 a bookmark covers a batch that is not committed' as invariant, s.pipeline, s.stream, s.epoch
from pipeline.states s
join pipeline.attempts a on a.epoch = s.epoch
where s.is_current and (select count(*) from pipeline.ledger l where l.epoch = s.epoch and l.seq <= s.seq) < s.seq + 1
union all
select 'I4 a superseded attempt is still open', a.pipeline, a.stream, a.epoch
from pipeline.attempts a
join pipeline.tasks t on t.id = a.task_id
where a.outcome is null and t.current_epoch is distinct from a.epoch
union all
select 'I6 rows announced and rows in the ledger differ', a.pipeline, m.stream, a.epoch
from pipeline.attempts a
join pipeline.manifests using (epoch)
cross join lateral (select key as stream, (value ->> 'rows')::bigint as rows from jsonb_each(manifest -> 'streams')) m
where a.outcome in ('loaded', 'incomplete')
  and m.rows <> coalesce((select sum(l.rows) from pipeline.ledger l where l.epoch = a.epoch and l.stream = m.stream), 0)
union all
select 'a loaded run did not announce itself exactly once', r.pipeline, null, null
from pipeline.runs r
where r.status in ('loaded', 'incomplete') and r.finished_at > clock_timestamp() - interval '1 day'
  and 1 <> (select count(*) from pipeline.outbox o where o.type = 'run.loaded' and o.body ->> 'runId' = r.id::text);
