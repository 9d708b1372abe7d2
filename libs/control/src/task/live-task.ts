import type { PoolClient } from '@pipeline/postgres';
import * as statements from './live-task.sql.ts';
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
  const [task] = await lockAll(client, await statements.selectLiveTaskOfStream.all(client, { pipeline, stream }));
  return task;
}

/** The live tasks of a run, locked likewise. */
export async function lockTasksOfRun(client: PoolClient, runId: string): Promise<LiveTask[]> {
  return lockAll(client, await statements.selectLiveTasksOfRun.all(client, { runId }));
}

/** @throws TaskMoved */
async function lockAll(client: PoolClient, tasks: LiveTask[]): Promise<LiveTask[]> {
  for (const { id: taskId, epoch } of tasks) {
    if (epoch !== null) await lockAttempt(client, Number(epoch));
    const locked = await statements.lockLiveTask.run(client, { taskId, epoch });
    if (locked === 0) throw new TaskMoved(`task ${taskId} was claimed or ended meanwhile`);
  }
  return tasks;
}

/** Ends the live attempt without charge and queues the task again. Its batches are fenced from here on, its finaliser finds nothing live, and the
 *  next claim reads the bookmark that this transaction leaves. A queued task has nothing to end. */
export async function restartTask(client: PoolClient, task: LiveTask, reason: string): Promise<void> {
  if (task.epoch === null) return;
  await requeue(client, Number(task.epoch), { outcome: 'interrupted', error: reason, counts: false });
}

/** Ends the task and its live attempt for good. What is committed stays. */
export async function cancelTask(client: PoolClient, task: LiveTask, reason: string): Promise<void> {
  await statements.cancelTask.run(client, { taskId: task.id, error: reason });
  if (task.epoch !== null) await statements.interruptAttempt.run(client, { epoch: task.epoch, error: reason });
}
