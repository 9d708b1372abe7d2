import type { Queryable } from '@pipeline/postgres';

/** What a read of a stream usually comes to. */
export interface Expectation {
  rows: number;
  seconds: number;
}

const READS = 5;
const READS_MIN = 3;
/** Reads that differ more than this, from the 10th to the 90th percentile, say nothing of the next one. */
const SPREAD_MAX = 4;

export const expectationKey = (stream: { pipeline: string; stream: string; isFull: boolean }): string =>
  `${stream.pipeline}/${stream.stream}/${stream.isFull}`;

/** The median of the last five loaded reads of the same kind, for streams that have three and whose reads are alike. */
export async function readExpectations(
  db: Queryable,
  streams: { pipeline: string; stream: string; isFull: boolean }[],
): Promise<Map<string, Expectation>> {
  if (streams.length === 0) return new Map();
  const { rows } = await db.query<Expectation & { pipeline: string; stream: string; isFull: boolean }>(
    `select k.pipeline, k.stream, k.is_full as "isFull", x.rows, x.seconds
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
    [streams.map((s) => s.pipeline), streams.map((s) => s.stream), streams.map((s) => s.isFull)],
  );
  return new Map(rows.map((row) => [expectationKey(row), { rows: row.rows, seconds: row.seconds }]));
}

/** Seconds that a run of each pipeline usually takes: the median of its last five that were loaded. */
export async function readRunExpectations(db: Queryable): Promise<Map<string, number>> {
  const { rows } = await db.query<{ pipeline: string; seconds: number }>(
    `select p.name as pipeline, x.seconds from pipeline.pipelines p
     cross join lateral (
       select percentile_cont(0.5) within group (order by extract(epoch from n.finished_at - n.started_at)) as seconds, count(*) as runs
       from (select r.started_at, r.finished_at from pipeline.runs r where r.pipeline = p.name and r.status = 'loaded'
             order by r.started_at desc limit ${READS}) n) x
     where x.runs >= ${READS_MIN}`,
  );
  return new Map(rows.map(({ pipeline, seconds }) => [pipeline, seconds]));
}
