import type { PoolClient } from '@pipeline/postgres';
import { lockAttempt, requeue } from './tasks.ts';

/** A task that is not over, locked with its attempt. */
export interface LiveTask {
  id: string;
  /** Null while it is queued. */
  epoch: string | null;
}

/** A claim came between the look at a task and its lock: the transaction is repeated. */
export class TaskMoved extends Error {}

/** The live task of a stream, so locked that no tap claims it and no finaliser moves its bookmark before the transaction ends. */
export async function lockTaskOfStream(
  client: PoolClient,
  pipeline: string,
  stream: string,
): Promise<LiveTask | undefined> {
  const [task] = await lockTasks(client, 'pipeline = $1 and stream = $2', [pipeline, stream]);
  return task;
}

/** The live tasks of a run. */
export function lockTasksOfRun(client: PoolClient, runId: string): Promise<LiveTask[]> {
  return lockTasks(client, 'run_id = $1', [runId]);
}

/** @throws TaskMoved */
async function lockTasks(client: PoolClient, condition: string, values: string[]): Promise<LiveTask[]> {
  const isLive = `status in ('queued', 'running', 'loading')`;
  const columns = 'select id, current_epoch::text as epoch from pipeline.tasks';
  const { rows } = await client.query<LiveTask>(`${columns} where ${condition} and ${isLive} order by id`, values);
  for (const seen of rows) {
    if (seen.epoch !== null) await lockAttempt(client, Number(seen.epoch));
    const { rows: locked } = await client.query<LiveTask>(
      `${columns} where id = $1 and ${isLive} and current_epoch is not distinct from $2 for update`,
      [seen.id, seen.epoch],
    );
    if (locked.length === 0) throw new TaskMoved(`task ${seen.id} was claimed or ended meanwhile`);
  }
  return rows;
}

/** Ends the live attempt without charge and queues the task again. Its batches are fenced from here on, its finaliser finds nothing live, and the
 *  next claim reads the bookmark that this transaction leaves. A queued task has nothing to end. */
export async function restartTask(client: PoolClient, task: LiveTask, reason: string): Promise<void> {
  if (task.epoch === null) return;
  await requeue(client, Number(task.epoch), { outcome: 'interrupted', error: reason, counts: false });
}

/** Ends the task and its live attempt for good. What is committed stays. */
export async function cancelTask(client: PoolClient, task: LiveTask, reason: string): Promise<void> {
  await client.query(
    `update pipeline.tasks set status = 'cancelled', error = $2, current_epoch = null, finished_at = clock_timestamp() where id = $1`,
    [task.id, reason],
  );
  if (task.epoch === null) return;
  await client.query(
    `update pipeline.attempts set outcome = 'interrupted', error = $2, finished_at = clock_timestamp() where epoch = $1 and outcome is null`,
    [task.epoch, reason],
  );
}
