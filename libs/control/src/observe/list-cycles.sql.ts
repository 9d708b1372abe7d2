import { sql, statement } from '@pipeline/postgres';
import type { Cycle } from '@pipeline/protocol/api';
import { cycleStatus } from '../status/index.ts';
import { iso, LABEL } from './instant.sql.ts';
import { FIGURES_JOIN, figure, RUN_SECONDS } from './run-figures.sql.ts';

const { bool, float8, int8, json, nullable, oneOf, text, texts, timestamptz, uuid } = sql;

const RUNS = `select coalesce(json_agg(json_build_object(
    'runId', r.id, 'pipeline', r.pipeline, 'label', ${LABEL}, 'state', r.status,
    'startedAt', ${iso('r.started_at')}, 'finishedAt', ${iso('r.finished_at')}, 'seconds', ${RUN_SECONDS},
    'rows', ${figure('rows_loaded')}, 'rejected', ${figure('rejected')}, 'error', r.error) order by r.started_at), '[]') as runs,
    coalesce(sum(${figure('rows_loaded')}), 0) as rows, coalesce(sum(${figure('rejected')}), 0) as rejected
  from pipeline.runs r join pipeline.pipelines p on p.name = r.pipeline ${FIGURES_JOIN} where r.cycle_id = c.id`;

const DBT = `select json_build_object('buildId', d.id, 'state', d.status, 'startedAt', ${iso('d.started_at')}, 'finishedAt', ${iso('d.finished_at')},
    'seconds', extract(epoch from coalesce(d.finished_at, clock_timestamp()) - d.started_at)::float8,
    'failed', (select count(*) from pipeline.dbt_results x where x.dbt_run_id = d.id and x.status in ('fail', 'error', 'runtime error')),
    'error', d.error) as dbt
  from pipeline.dbt_runs d where d.cycle_ids @> array[c.id] order by d.requested_at desc limit 1`;

const COLUMNS = `c.id, c.status as state, coalesce(c.requested_by, 'schedule') as by, ${iso('c.started_at')} as "startedAt",
  ${iso('c.transforming_at')} as "transformingAt", ${iso('c.finished_at')} as "finishedAt",
  extract(epoch from coalesce(c.finished_at, clock_timestamp()) - c.started_at)::float8 as seconds,
  figures.rows, figures.rejected, c.error,
  array(select n from unnest(c.pipelines) n where c.status = 'extracting'
        and not exists (select from pipeline.runs r where r.cycle_id = c.id and r.pipeline = n)) as pending,
  figures.runs, build.dbt`;

/** SQL of `c`, which selects and limits cycles: figures are asked of those alone. */
const of = (cycles: string) => `select ${COLUMNS} from (${cycles}) c
  cross join lateral (${RUNS}) figures left join lateral (${DBT}) build on true order by c.started_at desc, c.id desc`;

const HAS = (condition: string) =>
  `exists (select from pipeline.runs r left join pipeline.run_figures kept on kept.run_id = r.id where r.cycle_id = c.id and ${condition})`;

const ROW = {
  id: uuid,
  state: oneOf(cycleStatus.all),
  by: text,
  startedAt: text,
  transformingAt: nullable(text),
  finishedAt: nullable(text),
  seconds: float8,
  rows: float8,
  rejected: float8,
  error: nullable(text),
  pending: texts,
  runs: json<Cycle['runs']>(),
  dbt: nullable(json<NonNullable<Cycle['dbt']>>()),
};

export const selectCycles = statement({
  name: 'cycle_list.select_cycles',
  text: of(`select * from pipeline.cycles c
        where ($1::timestamptz is null or (c.started_at, c.id) < ($1, $2::uuid))
          and ($3::text is null or c.status = $3 or ($3 = 'live' and c.status in ('extracting', 'transforming')))
          and ($4::text is null or ${HAS('r.pipeline = $4')})
          and (not $5 or ${HAS('kept.rejected > 0')})
          and (not $6 or ${HAS('kept.rows_loaded > 0')})
          and (not $7 or c.requested_by is not null)
        order by c.started_at desc, c.id desc limit $8`),
  parameters: {
    afterAt: nullable(timestamptz),
    afterId: nullable(uuid),
    status: nullable(text),
    pipeline: nullable(text),
    rejected: bool,
    changed: bool,
    byHand: bool,
    limit: int8,
  },
  row: ROW,
});

export const selectCycle = statement({
  name: 'cycle_list.select_cycle',
  text: of('select * from pipeline.cycles c where c.id = $1'),
  parameters: { id: uuid },
  row: ROW,
});

export const selectCyclePlace = statement({
  name: 'cycle_list.select_cycle_place',
  text: 'select started_at::text as at, id from pipeline.cycles where id = $1',
  parameters: { id: uuid },
  row: { at: text, id: uuid },
});
