import type { Queryable, RowOf } from '@pipeline/postgres';
import { PIPELINE_ALIVE_MS } from '../cycle/pipelines.ts';
import * as statements from './own-schedules.sql.ts';

/** A pipeline with a schedule of its own that could run now: it is there, not paused, and neither running nor asked for. */
export type ScheduledPipeline = RowOf<typeof statements.selectScheduledPipelines>;

/** Pipelines with a schedule of their own whose tap is alive and which neither run, are asked for, nor are paused. */
export async function listScheduledPipelines(db: Queryable): Promise<ScheduledPipeline[]> {
  return statements.selectScheduledPipelines.all(db, { aliveSeconds: PIPELINE_ALIVE_MS / 1000 });
}

/** Counts the runs of each pipeline that failed one after another, and pauses those that have reached their limit. Returns the names of those. */
export async function pauseFailingPipelines(db: Queryable): Promise<string[]> {
  const rows = await statements.pauseFailingPipelines.all(db);
  return rows.filter(({ isPaused }) => isPaused).map(({ name }) => name);
}
