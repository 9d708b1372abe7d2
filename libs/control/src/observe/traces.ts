import type { Queryable, RowOf } from '@pipeline/postgres';
import * as statements from './traces.sql.ts';

/** The cycle that a run belongs to. Undefined: there is no such run any more. */
export async function cycleOfRun(db: Queryable, runId: string): Promise<string | undefined> {
  return (await statements.selectCycleOfRun.first(db, { runId }))?.cycleId;
}

export type RunTimes = RowOf<typeof statements.selectRunsOfCycle>;

/** When the runs of a cycle began and ended, and how. */
export function runTimes(db: Queryable, cycleId: string): Promise<RunTimes[]> {
  return statements.selectRunsOfCycle.all(db, { cycleId });
}
