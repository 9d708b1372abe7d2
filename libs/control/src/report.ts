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
