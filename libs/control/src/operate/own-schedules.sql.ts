import { sql, statement } from '@pipeline/postgres';
import type { Schedule } from '@pipeline/protocol/api';

const { bool, float8, int4, json, jsonb, neverNull, nullable, text, timestamptz } = sql;

export const selectScheduledPipelines = statement({
  name: 'schedule.select_scheduled_pipelines',
  text: `select p.name, p.schedule, clock_timestamp() as now, p.registered_at as "registeredAt", r.started_at as "startedAt", r.finished_at as "finishedAt",
                p.failures_in_row as "failuresInRow",
                (select coalesce(json_agg(json_build_object('name', s.value ->> 'name', 'age',
                          (select extract(epoch from clock_timestamp() - a.finished_at) from pipeline.attempts a
                           where a.pipeline = p.name and a.stream = s.value ->> 'name' and a.outcome = 'loaded' and a.finished_at is not null
                           order by a.finished_at desc limit 1))), '[]')
                 from jsonb_array_elements(p.streams) s) as streams
         from pipeline.pipelines p
         left join lateral (select * from pipeline.runs r where r.pipeline = p.name order by r.started_at desc limit 1) r on true
         where p.schedule is not null and not p.paused and p.requested_at is null and r.status is distinct from 'running'
           and p.seen_at > clock_timestamp() - make_interval(secs => $1)`,
  parameters: { aliveSeconds: float8 },
  row: {
    name: text,
    schedule: neverNull(jsonb<Schedule>()),
    // The database's clock.
    now: timestamptz,
    registeredAt: timestamptz,
    // Of its last run. Null: it has had none.
    startedAt: nullable(timestamptz),
    finishedAt: nullable(timestamptz),
    failuresInRow: int4,
    // Root streams with the seconds since each was last loaded; null: never.
    streams: json<{ name: string; age: number | null }[]>(),
  },
});

export const pauseFailingPipelines = statement({
  name: 'schedule.pause_failing_pipelines',
  text: `update pipeline.pipelines p
         set failures_in_row = f.failures,
             paused = p.paused or f.failures >= f.most,
             paused_at = case when not p.paused and f.failures >= f.most then clock_timestamp() else p.paused_at end,
             paused_by = case when not p.paused and f.failures >= f.most then 'scheduler' else p.paused_by end,
             pause_reason = case when not p.paused and f.failures >= f.most then format('%s runs failed in a row', f.failures) else p.pause_reason end
         from (select q.name, coalesce((q.schedule ->> 'pauseAfterFailures')::integer, 2147483647) as most,
                      (select count(*) from (select r.started_at from pipeline.runs r where r.pipeline = q.name and r.status = 'failed'
                         and r.started_at > coalesce((select g.started_at from pipeline.runs g where g.pipeline = q.name and g.status in ('loaded', 'incomplete')
                                                      order by g.started_at desc limit 1), '-infinity') limit 1000) x)::integer as failures
               from pipeline.pipelines q) f
         where f.name = p.name and (p.failures_in_row <> f.failures or (not p.paused and f.failures >= f.most))
         returning p.name, p.paused and p.paused_by = 'scheduler' as "isPaused"`,
  row: { name: text, isPaused: bool },
});
