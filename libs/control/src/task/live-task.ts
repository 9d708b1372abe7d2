import type { PoolClient } from '@pipeline/postgres';
import * as statements from './live-task.sql.ts';
import { lockAttempt, requeue } from './tasks.ts';

/** A task is claimed, requeued and claimed again at most a few times while its run is being locked. */
const LOOKS_MAX = 20;

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
  const task = await statements.selectLiveTaskOfStream.first(client, { pipeline, stream });
  if (task !== undefined && !(await lockUnlessMoved(client, task))) throw moved(task);
  return task;
}

/** The live tasks of a run, locked likewise. Of a busy run some task moves at every look, so that only those are looked at again: what is locked
 *  stays locked, and each other task can only be claimed or end. */
export async function lockTasksOfRun(client: PoolClient, runId: string): Promise<LiveTask[]> {
  const locked = new Map<string, LiveTask>();
  for (let looks = 1; ; looks += 1) {
    const live = await statements.selectLiveTasksOfRun.all(client, { runId });
    const open = live.filter(({ id }) => !locked.has(id));
    const [first] = open;
    if (first === undefined) return [...locked.values()];
    if (looks > LOOKS_MAX) throw moved(first);
    for (const task of open) if (await lockUnlessMoved(client, task)) locked.set(task.id, task);
  }
}

/** Locks the attempt, then the task. Of a task that moved nothing stays locked: PostgreSQL keeps the lock of a row that no longer fits, and the
 *  next look would take task before attempt. */
async function lockUnlessMoved(client: PoolClient, { id: taskId, epoch }: LiveTask): Promise<boolean> {
  await client.query('savepoint live_task');
  if (epoch !== null) await lockAttempt(client, Number(epoch));
  const isLocked = (await statements.lockLiveTask.run(client, { taskId, epoch })) === 1;
  await client.query(isLocked ? 'release savepoint live_task' : 'rollback to savepoint live_task');
  return isLocked;
}

const moved = ({ id }: LiveTask) => new TaskMoved(`task ${id} was claimed or ended meanwhile`);

/** Ends the live attempt without charge and queues the task again. Its batches are fenced from here on, its finaliser finds nothing live, and the
 *  next claim reads the bookmark that this transaction leaves. A queued task has nothing to end. */
export async function restartTask(client: PoolClient, task: LiveTask, reason: string): Promise<void> {
  if (task.epoch === null) return;
  await requeue(client, Number(task.epoch), {
    outcome: 'interrupted',
    reason: { text: reason, code: null },
    counts: false,
  });
}

/** Ends the task and its live attempt for good. What is committed stays. */
export async function cancelTask(client: PoolClient, task: LiveTask, reason: string): Promise<void> {
  await statements.cancelTask.run(client, { taskId: task.id, error: reason });
  if (task.epoch !== null) await statements.interruptAttempt.run(client, { epoch: task.epoch, error: reason });
}
