import { sql, statement } from '@pipeline/postgres';
import { cycleStatus, runStatus, taskStatus } from '../status/index.ts';

const { text, texts, uuid, bool, float8, nullable, oneOf } = sql;

export const insertCycle = statement({
  name: 'cycle.insert',
  text: `insert into pipeline.cycles (pipelines, missing) values ($1, $2)
         on conflict ((true)) where ${cycleStatus.is(cycleStatus.live)} do nothing returning id`,
  parameters: { pipelines: texts, missing: texts },
  row: { id: uuid },
});

export const selectLiveCycle = statement({
  name: 'cycle.select_live',
  text: `select id, status, pipelines, error from pipeline.cycles where ${cycleStatus.is(cycleStatus.live)}`,
  // Pipelines in the order in which they run.
  row: { id: uuid, status: oneOf(cycleStatus.all), pipelines: texts, error: nullable(text) },
});

export const selectIsCycleDue = statement({
  name: 'cycle.is_due',
  text: `select coalesce(max(finished_at) + make_interval(secs => $1) <= clock_timestamp(), true) as due from pipeline.cycles`,
  parameters: { intervalSeconds: float8 },
  row: { due: bool },
});

export const lockCycle = statement({
  name: 'cycle.lock',
  text: 'select from pipeline.cycles where id = $1 for update',
  parameters: { cycleId: uuid },
});

export const selectCycleProgress = statement({
  name: 'cycle.progress',
  text: `select array(select p.name from unnest(c.pipelines) with ordinality as p(name, position)
                where not exists (select from pipeline.runs r where r.cycle_id = c.id and r.pipeline = p.name)
                order by p.position) as pending,
          (select count(*) from pipeline.runs r where r.cycle_id = c.id and ${runStatus.is(runStatus.live, 'r.')}) as live
         from pipeline.cycles c where c.id = $1`,
  parameters: { cycleId: uuid },
  row: { pending: texts, live: sql.int8 },
});

export const selectLoadedSources = statement({
  name: 'cycle.loaded_sources',
  text: `select distinct r.source from pipeline.runs r join pipeline.tasks t on t.run_id = r.id
         where r.cycle_id = $1 and ${taskStatus.is(['loaded', 'incomplete'], 't.')} order by 1`,
  parameters: { cycleId: uuid },
  row: { source: text },
});

const endEmpty = cycleStatus.change(['extracting'], ['failed']);
export const failEmptyCycle = statement({
  name: 'cycle.fail_empty',
  text: `update pipeline.cycles set ${endEmpty.set}, error = 'no stream was loaded', finished_at = clock_timestamp()
         where id = $1 and ${endEmpty.from}`,
  parameters: { cycleId: uuid },
});

const transform = cycleStatus.change(['extracting'], ['transforming']);
export const beginTransforming = statement({
  name: 'cycle.begin_transforming',
  text: `update pipeline.cycles set ${transform.set}, transforming_at = clock_timestamp() where id = $1 and ${transform.from}`,
  parameters: { cycleId: uuid },
});

export const selectCycleErrors = statement({
  name: 'cycle.errors',
  text: `select string_agg(problem, '; ') as errors
         from (select pipeline || ' ' || status from pipeline.runs where cycle_id = $1 and status <> 'loaded'
               union all
               select unnest(missing) || ' has no tap' from pipeline.cycles where id = $1) as problems(problem)`,
  parameters: { cycleId: uuid },
  row: { errors: nullable(text) },
});

const end = cycleStatus.change(['transforming'], ['succeeded', 'failed']);
export const endCycle = statement({
  name: 'cycle.end',
  text: `update pipeline.cycles set status = $2, error = $3, finished_at = clock_timestamp() where id = $1 and ${end.from}`,
  parameters: { cycleId: uuid, status: oneOf(end.to), error: nullable(text) },
});
