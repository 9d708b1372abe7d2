import type { Queryable, RowOf } from '@pipeline/postgres';
import * as statements from './lineage.sql.ts';

/** Cycles and builds that are looked at: more end within the time looked at only when a cycle takes seconds. */
const NEWEST_MAX = 50;

export type LineageAttempt = RowOf<typeof statements.selectRecentAttempts>;
export type LineageTable = RowOf<typeof statements.selectAttemptTables>;
export type LineageBuild = RowOf<typeof statements.selectRecentBuilds>;
export type LineageModel = RowOf<typeof statements.selectBuiltModels>;

/** Attempts of the cycles that are under way or ended within so many seconds. */
export function recentAttempts(db: Queryable, seconds: number): Promise<LineageAttempt[]> {
  return statements.selectRecentAttempts.all(db, { seconds, cyclesMax: NEWEST_MAX });
}

/** What an attempt wrote to. */
export function attemptTables(db: Queryable, epoch: string): Promise<LineageTable[]> {
  return statements.selectAttemptTables.all(db, { epoch });
}

/** dbt builds that are under way or ended within so many seconds. */
export function recentBuilds(db: Queryable, seconds: number): Promise<LineageBuild[]> {
  return statements.selectRecentBuilds.all(db, { seconds, buildsMax: NEWEST_MAX });
}

/** What a build made. */
export function builtModels(db: Queryable, buildId: string): Promise<LineageModel[]> {
  return statements.selectBuiltModels.all(db, { buildId });
}
