import { sql, statement } from '@pipeline/postgres';

const { text, int8, float8, timestamptz } = sql;

/** The ledger is read by epoch: a run that began earlier than the window may have committed within it. */
export const selectRowsPerMinute = statement({
  name: 'observe.rows_per_minute',
  text: `select date_trunc('minute', l.loaded_at) as minute, r.pipeline, sum(l.rows)::float8 as rows
         from pipeline.runs r
         join pipeline.tasks t on t.run_id = r.id
         join pipeline.attempts a on a.task_id = t.id
         join pipeline.ledger l on l.epoch = a.epoch
         where (r.started_at > clock_timestamp() - $1::int8 * interval '2 minutes' or r.status = 'running')
           and l.loaded_at > clock_timestamp() - $1::int8 * interval '1 minute'
         group by 1, 2 order by 1, 2`,
  parameters: { minutes: int8 },
  row: { minute: timestamptz, pipeline: text, rows: float8 },
});

export const selectCycleLengths = statement({
  name: 'observe.cycle_lengths',
  text: `select * from (
           select started_at as "startedAt", extract(epoch from finished_at - started_at)::float8 as seconds
           from pipeline.cycles where finished_at is not null order by started_at desc limit $1) c
         order by "startedAt"`,
  parameters: { limit: int8 },
  row: { startedAt: timestamptz, seconds: float8 },
});
