import type { Queryable } from '@pipeline/postgres';
import type { CycleStatus, TaskStatus } from '../status/index.ts';
import * as statements from './observe.sql.ts';

/** One line of the table at the end of a cycle. */
export interface StreamReport {
  pipeline: string;
  stream: string;
  status: TaskStatus;
  rowsRead: number;
  rowsLoaded: number;
  rowsRejected: number;
  /** From the claim to the end, seconds. Null while it runs. */
  seconds: number | null;
  error: string | null;
}

/** Rows read, loaded and rejected of every stream in a cycle, summed over the attempts that counted. */
export function streamReports(db: Queryable, cycleId: string): Promise<StreamReport[]> {
  return statements.selectStreamReports.all(db, { cycleId });
}

export interface CycleReport {
  id: string;
  status: CycleStatus;
  error: string | null;
  startedAt: Date;
  finishedAt: Date | null;
}

/** Newest first. */
export function recentCycles(db: Queryable, limit: number): Promise<CycleReport[]> {
  return statements.selectRecentCycles.all(db, { limit });
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
  const counts = await statements.selectGauges.first(db);
  const streamAges = await statements.selectStreamAges.all(db);
  if (counts === undefined) throw new Error('a select of counts returned no row');
  return { ...counts, streamAges };
}
