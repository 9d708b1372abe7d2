import type { Pool, Queryable, RowOf } from '@pipeline/postgres';
import type { PipelineStreams } from './pipeline-streams.ts';
import * as statements from './pipelines.sql.ts';

export type Pipeline = RowOf<typeof statements.selectPipelines>;

/** Taps say that they are there this often. */
export const PIPELINE_HEARTBEAT_MS = 5_000;

/** Without a sign of its tap for this long a pipeline counts as down: five missed heartbeats, so that a database that restarts between them is no dead tap. */
export const PIPELINE_ALIVE_MS = 30_000;

/** Makes the pipeline known, or says again that its tap is alive. */
export async function registerPipeline(
  pool: Pool,
  pipeline: { name: string; source: string; streams: PipelineStreams[] },
): Promise<void> {
  await statements.upsertPipeline.run(pool, pipeline);
}

/** All pipelines that have ever registered, in the order of their names. */
export function listPipelines(db: Queryable): Promise<Pipeline[]> {
  return statements.selectPipelines.all(db, { aliveSeconds: PIPELINE_ALIVE_MS / 1000 });
}

/** Asks for a run of this pipeline as soon as no cycle is live. Asking twice is asking once.
 *  Returns false if there is no such pipeline. */
export async function requestRun(
  db: Queryable,
  name: string,
  options: { fullRead: boolean; massDeletes: boolean },
): Promise<boolean> {
  return (await statements.requestPipeline.run(db, { name, ...options })) === 1;
}
