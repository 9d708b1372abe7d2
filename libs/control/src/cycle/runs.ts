import type { PoolClient, RowOf } from '@pipeline/postgres';
import type { RunStatus } from '../status/index.ts';
import { sendCommand, sendEvent } from './outbox.ts';
import * as statements from './runs.sql.ts';

type PendingPipeline = RowOf<typeof statements.lockPipeline>;

/** Starts the run of a pipeline in a cycle: the run, its tasks and one command per task, in the caller's transaction.
 *  What an operator asked of the pipeline is used up by it. */
export async function startRun(client: PoolClient, cycleId: string, pipelineName: string): Promise<string> {
  const pipeline = await takeRequest(client, pipelineName);
  const { name, source } = pipeline;
  const { id: runId } = await statements.insertRun.one(client, { cycleId, pipeline: name, source });
  const wanted = pipeline.requested_streams ?? undefined;
  const streams = pipeline.streams.filter(({ name: stream }) => wanted?.includes(stream) ?? true);
  for (const { name: stream } of streams) {
    const { id: taskId } = await statements.insertTask.one(client, {
      runId,
      pipeline: name,
      source,
      stream,
      fullRead: pipeline.requested_full_read,
      massDeletes: pipeline.requested_mass_deletes,
    });
    await sendCommand(client, { type: 'run', pipeline: name, source, runId, taskId, stream });
  }
  await finishRunIfDone(client, runId);
  return runId;
}

async function takeRequest(client: PoolClient, name: string): Promise<PendingPipeline> {
  const pipeline = await statements.lockPipeline.one(client, { name });
  await statements.clearRequest.run(client, { name });
  return pipeline;
}

/** Ends the run when its last task has ended. The run's row is locked first: two tasks that end at the same moment would
 *  otherwise each see the other one live. */
export async function finishRunIfDone(client: PoolClient, runId: string): Promise<void> {
  const run = await statements.lockLiveRun.first(client, { runId });
  if (run === undefined) return;
  const counts = await statements.countTasks.one(client, { runId });
  if (counts.live !== '0') return;
  const status = outcomeOf(counts);
  await statements.endRun.run(client, { runId, status, error: counts.errors });
  const subject = { pipeline: run.pipeline, source: run.source, runId, cycleId: run.cycle_id };
  await sendEvent(
    client,
    status === 'failed'
      ? { type: 'run.failed', ...subject, error: counts.errors ?? 'a task failed' }
      : { type: status === 'cancelled' ? 'run.cancelled' : 'run.loaded', ...subject },
  );
}

function outcomeOf(counts: RowOf<typeof statements.countTasks>): Exclude<RunStatus, 'running'> {
  if (counts.failed !== '0') return 'failed';
  if (counts.cancelled !== '0') return 'cancelled';
  return counts.incomplete === '0' ? 'loaded' : 'incomplete';
}
