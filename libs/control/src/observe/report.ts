import type { Queryable, RowOf } from '@pipeline/postgres';
import * as statements from './observe.sql.ts';

/** One line of the table at the end of a cycle. */
export type StreamReport = RowOf<typeof statements.selectStreamReports>;

/** Rows read, loaded and rejected of every stream in a cycle, summed over the attempts that counted. */
export function streamReports(db: Queryable, cycleId: string): Promise<StreamReport[]> {
  return statements.selectStreamReports.all(db, { cycleId });
}

export type CycleReport = RowOf<typeof statements.selectRecentCycles>;

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
  return { ...(await statements.selectGauges.one(db)), streamAges: await statements.selectStreamAges.all(db) };
}
