import type { PoolClient } from '@pipeline/postgres';
import { sendCommand, sendEvent } from './outbox.ts';
import type { PipelineStreams } from './pipelines.ts';

interface PendingPipeline {
  name: string;
  source: string;
  streams: PipelineStreams[];
  requested_full_read: boolean;
  requested_mass_deletes: boolean;
}

/** Starts the run of a pipeline in a cycle: the run, its tasks and one command per task, in the caller's transaction.
 *  What an operator asked of the pipeline is used up by it. */
export async function startRun(client: PoolClient, cycleId: string, pipelineName: string): Promise<string> {
  const pipeline = await takeRequest(client, pipelineName);
  const runId = await insertRun(client, cycleId, pipeline);
  for (const stream of pipeline.streams) {
    const { rows } = await client.query<{ id: string }>(
      `insert into pipeline.tasks (run_id, pipeline, source, stream, full_read, mass_deletes)
       values ($1, $2, $3, $4, $5, $6) returning id`,
      [
        runId,
        pipeline.name,
        pipeline.source,
        stream.name,
        pipeline.requested_full_read,
        pipeline.requested_mass_deletes,
      ],
    );
    const taskId = only(rows).id;
    await sendCommand(client, {
      type: 'run',
      pipeline: pipeline.name,
      source: pipeline.source,
      runId,
      taskId,
      stream: stream.name,
    });
  }
  await finishRunIfDone(client, runId);
  return runId;
}

async function takeRequest(client: PoolClient, name: string): Promise<PendingPipeline> {
  const { rows } = await client.query<PendingPipeline>(
    `select name, source, streams, requested_full_read, requested_mass_deletes
     from pipeline.pipelines where name = $1 for update`,
    [name],
  );
  await client.query(
    `update pipeline.pipelines set requested_at = null, requested_full_read = false, requested_mass_deletes = false where name = $1`,
    [name],
  );
  return only(rows);
}

async function insertRun(client: PoolClient, cycleId: string, pipeline: PendingPipeline): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    'insert into pipeline.runs (cycle_id, pipeline, source) values ($1, $2, $3) returning id',
    [cycleId, pipeline.name, pipeline.source],
  );
  return only(rows).id;
}

interface TaskCounts {
  live: string;
  failed: string;
  cancelled: string;
  incomplete: string;
  errors: string | null;
}

/** Ends the run when its last task has ended. The run's row is locked first: two tasks that end at the same moment would
 *  otherwise each see the other one live. */
export async function finishRunIfDone(client: PoolClient, runId: string): Promise<void> {
  const { rows } = await client.query<{ pipeline: string; source: string; cycle_id: string }>(
    `select pipeline, source, cycle_id from pipeline.runs where id = $1 and status = 'running' for update`,
    [runId],
  );
  const run = rows[0];
  if (run === undefined) return;
  const counts = await countTasks(client, runId);
  if (counts.live !== '0') return;
  const status = outcomeOf(counts);
  await client.query(
    'update pipeline.runs set status = $2, error = $3, finished_at = clock_timestamp() where id = $1',
    [runId, status, counts.errors],
  );
  const subject = { pipeline: run.pipeline, source: run.source, runId, cycleId: run.cycle_id };
  await sendEvent(
    client,
    status === 'failed'
      ? { type: 'run.failed', ...subject, error: counts.errors ?? 'a task failed' }
      : { type: status === 'cancelled' ? 'run.cancelled' : 'run.loaded', ...subject },
  );
}

async function countTasks(client: PoolClient, runId: string): Promise<TaskCounts> {
  const { rows } = await client.query<TaskCounts>(
    `select count(*) filter (where status in ('queued', 'running', 'loading')) as live,
            count(*) filter (where status = 'failed') as failed,
            count(*) filter (where status = 'cancelled') as cancelled,
            count(*) filter (where status = 'incomplete') as incomplete,
            string_agg(stream || ': ' || error, '; ' order by stream) filter (where status = 'failed') as errors
     from pipeline.tasks where run_id = $1`,
    [runId],
  );
  return only(rows);
}

function outcomeOf(counts: TaskCounts): 'failed' | 'cancelled' | 'incomplete' | 'loaded' {
  if (counts.failed !== '0') return 'failed';
  if (counts.cancelled !== '0') return 'cancelled';
  return counts.incomplete === '0' ? 'loaded' : 'incomplete';
}

function only<T>(rows: T[]): T {
  const row = rows[0];
  if (row === undefined) throw new Error('a statement that returns one row returned none');
  return row;
}
