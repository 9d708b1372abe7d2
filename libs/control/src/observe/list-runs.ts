import type { RunItem } from '@pipeline/contracts/api';
import type { Queryable } from '@pipeline/postgres';
import { iso } from './instant.ts';
import { FIGURES_JOIN, RUN_COLUMNS } from './run-figures.ts';

/** Where a list goes on: after this row. */
export interface After {
  at: string;
  id: string;
}

const FROM = `from pipeline.runs r join pipeline.cycles c on c.id = r.cycle_id join pipeline.pipelines p on p.name = r.pipeline ${FIGURES_JOIN}`;

/** Newest first. */
export async function listRuns(
  db: Queryable,
  filter: { status?: string | undefined; pipeline?: string | undefined; limit: number; after: After | undefined },
): Promise<RunItem[]> {
  const { rows } = await db.query<RunItem>(
    `select ${RUN_COLUMNS} ${FROM}
     where ($1::text is null or r.status = $1) and ($2::text is null or r.pipeline = $2)
       and ($3::timestamptz is null or (r.started_at, r.id) < ($3, $4::uuid))
     order by r.started_at desc, r.id desc limit $5`,
    [filter.status ?? null, filter.pipeline ?? null, filter.after?.at ?? null, filter.after?.id ?? null, filter.limit],
  );
  return rows;
}

/** The place of a run in its list, exact to the microsecond. */
export async function placeOfRun(db: Queryable, id: string): Promise<After | undefined> {
  const { rows } = await db.query<After>('select started_at::text as at, id from pipeline.runs where id = $1', [id]);
  return rows[0];
}

export async function readRunItem(db: Queryable, id: string): Promise<RunItem | undefined> {
  const { rows } = await db.query<RunItem>(`select ${RUN_COLUMNS} ${FROM} where r.id = $1`, [id]);
  return rows[0];
}

export interface RunFacts {
  deleted: number;
  bytes: number;
  requests: number | null;
  requestsFailed: number | null;
  waitedSeconds: number;
  waitedFor: string[];
  previousId: string | null;
  nextId: string | null;
  usualFrom: number | null;
  usualTo: number | null;
}

/** Loaded runs that say what is usual, and the fewest that do. */
const USUAL_RUNS = 20;
const USUAL_RUNS_MIN = 3;

/** What the page of one run shows beside its row in the list. */
export async function readRunFacts(db: Queryable, id: string): Promise<RunFacts | undefined> {
  const { rows } = await db.query<RunFacts>(
    `select f.deleted::float8, f.bytes::float8, f.waited_seconds as "waitedSeconds",
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
    [id],
  );
  return rows[0];
}

export interface TaskProblem {
  stream: string;
  error: string;
  code: string | null;
  loadedAt: string | null;
}

/** Streams of a run that failed or were not read to their end, with what is in their tables. */
export async function listTaskProblems(db: Queryable, runId: string): Promise<TaskProblem[]> {
  const { rows } = await db.query<TaskProblem>(
    `select t.stream, t.error, t.error_code as code,
            (select ${iso('max(a.finished_at)')} from pipeline.attempts a
             where a.pipeline = t.pipeline and a.stream = t.stream and a.outcome = 'loaded') as "loadedAt"
     from pipeline.tasks t where t.run_id = $1 and t.status in ('failed', 'incomplete') and t.error is not null order by t.stream`,
    [runId],
  );
  return rows;
}
