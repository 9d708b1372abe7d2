import { sql, statement } from '@pipeline/postgres';
import { dbtRunStatus } from '../status/index.ts';

const { text, uuid, float8, nullable, oneOf } = sql;

export const selectEndedBuild = statement({
  name: 'dbt.select_ended',
  text: `select status, error from pipeline.dbt_runs where cycle_ids @> array[$1::uuid] and finished_at is not null
         order by finished_at desc limit 1`,
  parameters: { cycleId: uuid },
  row: { status: oneOf(dbtRunStatus.all), error: nullable(text) },
});

export const selectOverdueCycle = statement({
  name: 'dbt.select_overdue_cycle',
  text: `select from pipeline.cycles where id = $1 and transforming_at < clock_timestamp() - make_interval(secs => $2)`,
  parameters: { cycleId: uuid, timeoutSeconds: float8 },
});

export const selectBuildSeconds = statement({
  name: 'dbt.select_build_seconds',
  text: `select extract(epoch from finished_at - started_at)::float8 as seconds
         from pipeline.dbt_runs where cycle_ids @> array[$1::uuid] order by requested_at desc limit 1`,
  parameters: { cycleId: uuid },
  row: { seconds: nullable(float8) },
});

export const selectNodes = statement({
  name: 'dbt.select_nodes',
  text: `select unique_id as "uniqueId", status, seconds, reason as message
         from pipeline.dbt_results
         where dbt_run_id = (select id from pipeline.dbt_runs where cycle_ids @> array[$1::uuid] order by requested_at desc limit 1)
         order by unique_id`,
  parameters: { cycleId: uuid },
  row: { uniqueId: text, status: text, seconds: float8, message: nullable(text) },
});
