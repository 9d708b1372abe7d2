import type { Queryable } from '@pipeline/postgres';

/** One line of the table at the end of a cycle. */
export interface StreamReport {
  pipeline: string;
  stream: string;
  status: string;
  rowsRead: number;
  rowsLoaded: number;
  rowsRejected: number;
  /** From the claim to the end, seconds. Null while it runs. */
  seconds: number | null;
  error: string | null;
}

/** Rows read, loaded and rejected of every stream in a cycle, summed over the attempts that counted. */
export async function streamReports(db: Queryable, cycleId: string): Promise<StreamReport[]> {
  const { rows } = await db.query<StreamReport>(
    `select pipeline, stream, status, rows_read::float8 as "rowsRead", rows_loaded::float8 as "rowsLoaded",
            rows_rejected::float8 as "rowsRejected", seconds::float8, error
     from pipeline.stream_runs where cycle_id = $1 order by started_at, stream`,
    [cycleId],
  );
  return rows;
}

export interface CycleReport {
  id: string;
  status: string;
  error: string | null;
  startedAt: string;
  finishedAt: string | null;
}

/** Newest first. */
export async function recentCycles(db: Queryable, limit: number): Promise<CycleReport[]> {
  const { rows } = await db.query<CycleReport>(
    `select id, status, error, started_at as "startedAt", finished_at as "finishedAt"
     from pipeline.cycles order by started_at desc limit $1`,
    [limit],
  );
  return rows;
}

export interface RunSummary {
  pipeline: string;
  status: string;
  startedAt: string;
  finishedAt: string | null;
  rowsRead: number;
  rowsLoaded: number;
  rowsRejected: number;
  error: string | null;
}

/** The runs of a cycle, in the order in which they started. */
export async function runSummaries(db: Queryable, cycleId: string): Promise<RunSummary[]> {
  const { rows } = await db.query<RunSummary>(
    `select pipeline, status, started_at as "startedAt", finished_at as "finishedAt", rows_read::float8 as "rowsRead",
            rows_loaded::float8 as "rowsLoaded", rows_rejected::float8 as "rowsRejected", error
     from pipeline.run_summary where cycle_id = $1 order by started_at`,
    [cycleId],
  );
  return rows;
}

export interface ControlGauges {
  deadLetters: number;
  rejectedRecords: number;
  outboxWaiting: number;
  violations: number;
  streamAges: { pipeline: string; stream: string; seconds: number }[];
}

/** The figures that people alert on. */
export async function controlGauges(db: Queryable): Promise<ControlGauges> {
  const { rows } = await db.query<Omit<ControlGauges, 'streamAges'>>(
    `select (select count(*) from pipeline.dead_letters where status = 'open')::float8 as "deadLetters",
            (select count(*) from pipeline.rejected_records where status = 'open')::float8 as "rejectedRecords",
            (select count(*) from pipeline.outbox where published_at is null)::float8 as "outboxWaiting",
            (select count(*) from pipeline.violations)::float8 as violations`,
  );
  const { rows: streamAges } = await db.query<{ pipeline: string; stream: string; seconds: number }>(
    `select pipeline, stream, extract(epoch from age)::float8 as seconds from pipeline.stream_freshness`,
  );
  const counts = rows[0] ?? { deadLetters: 0, rejectedRecords: 0, outboxWaiting: 0, violations: 0 };
  return { ...counts, streamAges };
}
