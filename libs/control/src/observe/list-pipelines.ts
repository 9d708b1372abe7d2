import type { Queryable, RowOf } from '@pipeline/postgres';
import type { HistoryBar } from '@pipeline/protocol/api';
import type { z } from 'zod';
import { PIPELINE_ALIVE_MS } from '../cycle/pipelines.ts';
import * as statements from './list-pipelines.sql.ts';

export type PipelineRow = RowOf<typeof statements.selectPipelines>;

/** Pipelines that have ever registered, by name, with how their last run ended and whether one is live. */
export async function listPipelineRows(db: Queryable, name?: string): Promise<PipelineRow[]> {
  return statements.selectPipelines.all(db, { aliveSeconds: PIPELINE_ALIVE_MS / 1000, name: name ?? null });
}

/** The newest runs of each pipeline, oldest first: the strip of the first page. */
export async function listHistory(db: Queryable): Promise<Map<string, z.infer<typeof HistoryBar>[]>> {
  const rows = await statements.selectHistory.all(db);
  return new Map(rows.map(({ pipeline, bars }) => [pipeline, bars]));
}

export type LiveTask = RowOf<typeof statements.selectLiveTasks>;

/** Tasks of runs that are live. */
export async function listLiveTasks(db: Queryable): Promise<LiveTask[]> {
  return statements.selectLiveTasks.all(db);
}
