import { sql, statement } from '@pipeline/postgres';

const { int4, int8 } = sql;
const days = { days: int4 };
const OLDER = 'clock_timestamp() - make_interval(days => $1)';

export const pruneCycles = statement({
  name: 'retention.cycles',
  text: `delete from pipeline.cycles where finished_at < ${OLDER}`,
  parameters: days,
});

export const pruneDbtRuns = statement({
  name: 'retention.dbt_runs',
  text: `delete from pipeline.dbt_runs where finished_at < ${OLDER}`,
  parameters: days,
});

export const pruneDeadLetters = statement({
  name: 'retention.dead_letters',
  text: `delete from pipeline.dead_letters where status <> 'open' and archived_at < ${OLDER}`,
  parameters: days,
});

export const pruneRejected = statement({
  name: 'retention.rejected_records',
  text: `delete from pipeline.rejected_records where status <> 'open' and rejected_at < ${OLDER}`,
  parameters: days,
});

export const pruneOutbox = statement({
  name: 'retention.outbox',
  text: `delete from pipeline.outbox where published_at < ${OLDER}`,
  parameters: days,
});

export const pruneStates = statement({
  name: 'retention.states',
  text: `delete from pipeline.states where id in (
           select id from (select id, row_number() over (partition by pipeline, stream order by id desc) as age from pipeline.states) s
           where age > $1)`,
  parameters: { kept: int8 },
});
