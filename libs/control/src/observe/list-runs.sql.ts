import { sql, statement } from '@pipeline/postgres';
import { runStatus } from '../status/index.ts';
import { iso } from './instant.sql.ts';
import { FIGURES_JOIN, RUN_COLUMNS } from './run-figures.sql.ts';

const { float8, int8, neverNull, nullable, oneOf, text, texts, timestamptz, uuid } = sql;

const FROM = `from pipeline.runs r join pipeline.cycles c on c.id = r.cycle_id join pipeline.pipelines p on p.name = r.pipeline ${FIGURES_JOIN}`;

/** Loaded runs that say what is usual, and the fewest that do. */
const USUAL_RUNS = 20;
const USUAL_RUNS_MIN = 3;

const ROW = {
  id: uuid,
  cycleId: uuid,
  pipeline: text,
  source: text,
  label: text,
  state: oneOf(runStatus.all),
  by: text,
  startedAt: text,
  finishedAt: nullable(text),
  seconds: float8,
  rowsRead: float8,
  rowsLoaded: float8,
  rejected: float8,
  error: nullable(text),
};

export const selectRuns = statement({
  name: 'run_list.select_runs',
  text: `select ${RUN_COLUMNS} ${FROM}
         where ($1::text is null or r.status = $1) and ($2::text is null or r.pipeline = $2)
           and ($3::timestamptz is null or (r.started_at, r.id) < ($3, $4::uuid))
         order by r.started_at desc, r.id desc limit $5`,
  parameters: {
    status: nullable(text),
    pipeline: nullable(text),
    afterAt: nullable(timestamptz),
    afterId: nullable(uuid),
    limit: int8,
  },
  row: ROW,
});

export const selectRunPlace = statement({
  name: 'run_list.select_run_place',
  text: 'select started_at::text as at, id from pipeline.runs where id = $1',
  parameters: { id: uuid },
  row: { at: text, id: uuid },
});

export const selectRun = statement({
  name: 'run_list.select_run',
  text: `select ${RUN_COLUMNS} ${FROM} where r.id = $1`,
  parameters: { id: uuid },
  row: ROW,
});

export const selectRunFacts = statement({
  name: 'run_list.select_run_facts',
  text: `select f.deleted::float8, f.bytes::float8, f.waited_seconds as "waitedSeconds",
                told.requests::float8, told.failed::float8 as "requestsFailed",
                array(select distinct w.limit_name from pipeline.tasks t join pipeline.attempts a on a.task_id = t.id
                      join pipeline.waits w on w.epoch = a.epoch where t.run_id = r.id order by 1) as "waitedFor",
                (select o.id from pipeline.runs o where o.pipeline = r.pipeline and o.started_at < r.started_at order by o.started_at desc limit 1) as "previousId",
                (select o.id from pipeline.runs o where o.pipeline = r.pipeline and o.started_at > r.started_at order by o.started_at limit 1) as "nextId",
                usual.low as "usualFrom", usual.high as "usualTo"
         from pipeline.runs r
         cross join lateral pipeline.figures_of_run(r.id) f
         cross join lateral (
           select sum(g.requests) as requests, sum(g.requests_failed) as failed
           from pipeline.tasks t join pipeline.attempts a on a.task_id = t.id join pipeline.attempt_progress g on g.epoch = a.epoch
           where t.run_id = r.id) told
         cross join lateral (
           select case when count(*) >= ${USUAL_RUNS_MIN} then percentile_cont(0.1) within group (order by seconds) end as low,
                  case when count(*) >= ${USUAL_RUNS_MIN} then percentile_cont(0.9) within group (order by seconds) end as high
           from (select extract(epoch from o.finished_at - o.started_at)::float8 as seconds from pipeline.runs o
                 where o.pipeline = r.pipeline and o.status = 'loaded' and o.id <> r.id and o.started_at < r.started_at
                 order by o.started_at desc limit ${USUAL_RUNS}) earlier) usual
         where r.id = $1`,
  parameters: { id: uuid },
  row: {
    deleted: float8,
    bytes: float8,
    waitedSeconds: float8,
    requests: nullable(float8),
    requestsFailed: nullable(float8),
    waitedFor: texts,
    previousId: nullable(uuid),
    nextId: nullable(uuid),
    usualFrom: nullable(float8),
    usualTo: nullable(float8),
  },
});

export const selectTaskProblems = statement({
  name: 'run_list.select_task_problems',
  text: `select t.stream, t.error, t.error_code as code,
                (select ${iso('max(a.finished_at)')} from pipeline.attempts a
                 where a.pipeline = t.pipeline and a.stream = t.stream and a.outcome = 'loaded') as "loadedAt"
         from pipeline.tasks t where t.run_id = $1 and t.status in ('failed', 'incomplete') and t.error is not null order by t.stream`,
  parameters: { runId: uuid },
  row: { stream: text, error: neverNull(text), code: nullable(text), loadedAt: nullable(text) },
});
