import { sql, statement } from '@pipeline/postgres';

const { bool, float8, text, texts } = sql;

const READS = 5;

const READS_MIN = 3;

/** Reads that differ more than this, from the 10th to the 90th percentile, say nothing of the next one. */
const SPREAD_MAX = 4;

export const selectExpectations = statement({
  name: 'expectation.select_expectations',
  text: `select k.pipeline, k.stream, k.is_full as "isFull", x.rows, x.seconds
         from (select distinct * from unnest($1::text[], $2::text[], $3::boolean[]) k(pipeline, stream, is_full)) k
         cross join lateral (
           select percentile_cont(0.5) within group (order by n.rows) as rows, percentile_cont(0.5) within group (order by n.seconds) as seconds,
                  percentile_cont(0.1) within group (order by n.rows) as low, percentile_cont(0.9) within group (order by n.rows) as high, count(*) as reads
           from (select extract(epoch from a.finished_at - a.started_at)::float8 as seconds,
                        coalesce((select sum(l.rows) from pipeline.ledger l where l.epoch = a.epoch), 0)::float8 as rows
                 from pipeline.attempts a
                 where a.pipeline = k.pipeline and a.stream = k.stream and a.full_read = k.is_full and a.outcome = 'loaded' and a.finished_at is not null
                 order by a.finished_at desc limit ${READS}) n) x
         where x.reads >= ${READS_MIN} and x.high <= greatest(x.low, 1) * ${SPREAD_MAX}`,
  parameters: { pipelines: texts, streams: texts, isFull: sql.bools },
  row: { pipeline: text, stream: text, isFull: bool, rows: float8, seconds: float8 },
});

export const selectRunExpectations = statement({
  name: 'expectation.select_run_expectations',
  text: `select p.name as pipeline, x.seconds from pipeline.pipelines p
         cross join lateral (
           select percentile_cont(0.5) within group (order by extract(epoch from n.finished_at - n.started_at)) as seconds, count(*) as runs
           from (select r.started_at, r.finished_at from pipeline.runs r where r.pipeline = p.name and r.status = 'loaded'
                 order by r.started_at desc limit ${READS}) n) x
         where x.runs >= ${READS_MIN}`,
  row: { pipeline: text, seconds: float8 },
});
