import { inTransaction, type Pool, type PoolClient, type RowOf } from '@pipeline/postgres';
import { failpoint, history } from '@pipeline/probe';
import { emptyState, type State } from '@pipeline/singer';
import { sendCommand, sendEvent } from '../cycle/outbox.ts';
import { finishRunIfDone } from '../cycle/runs.ts';
import { noteChangedTables } from '../target/table-identity.ts';
import { type EndReason, reasonOfError } from './end-reason.ts';
import { removeLeftovers } from './leftovers.ts';
import { readState } from './states.ts';
import * as statements from './tasks.sql.ts';

/** A claimed task lives this long without a sign from its tap, in milliseconds, where its configuration says nothing else. */
const LEASE_MS = 60_000;

/** Attempts of one task before it fails. Interruptions by a shutdown do not count. */
export const TASK_ATTEMPTS_MAX = 3;

const SHUT_DOWN: EndReason = { text: 'the tap was shut down', code: 'INTERRUPTED' };

export interface Claim {
  taskId: string;
  runId: string;
  pipeline: string;
  source: string;
  stream: string;
  epoch: number;
  /** Start of this attempt by the database's clock, ISO 8601 UTC with microseconds. */
  startedAt: string;
  fullRead: boolean;
  state: State;
}

/** Takes a queued task for this tap: a new epoch, which fences off every earlier attempt, a lease, removal of what unfinished
 *  attempts left in append-only tables, and the bookmark, read after the fence stands. All in one transaction.
 *  Undefined when somebody else has it or it is over: the command is old news. */
export async function claimTask(
  pool: Pool,
  options: { taskId: string; claimedBy: string; leaseMs?: number },
): Promise<Claim | undefined> {
  const claim = await inTransaction(pool, async (client) => {
    const task = await statements.lockQueuedTask.first(client, { taskId: options.taskId });
    if (task === undefined) return undefined;
    // A bookmark says nothing of a table that is no longer what it was.
    const fullRead = (await noteChangedTables(client, task)) || task.full_read;
    const attempt = await startAttempt(
      client,
      { ...task, full_read: fullRead },
      options.claimedBy,
      options.leaseMs ?? LEASE_MS,
    );
    await removeLeftovers(client, task.pipeline, task.stream, attempt.epoch);
    const state = await readState(client, task.pipeline, task.stream);
    return {
      taskId: task.id,
      runId: task.run_id,
      pipeline: task.pipeline,
      source: task.source,
      stream: task.stream,
      epoch: Number(attempt.epoch),
      startedAt: attempt.started_at,
      fullRead,
      state: state ?? emptyState(),
    };
  });
  if (claim !== undefined) {
    history('claim', { epoch: claim.epoch, task: claim.taskId });
    failpoint('tap.after_claim');
  }
  return claim;
}

type QueuedTask = RowOf<typeof statements.lockQueuedTask>;

async function startAttempt(client: PoolClient, task: QueuedTask, claimedBy: string, leaseMs: number) {
  const { id: taskId, pipeline, stream, full_read: fullRead } = task;
  const attempt = await statements.insertAttempt.one(client, {
    ...{ taskId, pipeline, stream, fullRead, claimedBy },
    leaseSeconds: leaseMs / 1000,
  });
  await statements.startTask.run(client, { taskId, epoch: attempt.epoch });
  return attempt;
}

/** An epoch for whoever loads without a task: the Singer target. */
export async function nextEpoch(pool: Pool): Promise<number> {
  return Number((await statements.nextEpoch.one(pool)).epoch);
}

/** Says that the tap is alive. False: the lease is lost, the task belongs to somebody else or is over, and the attempt must stop. */
export async function renewLease(pool: Pool, epoch: number, leaseMs: number = LEASE_MS): Promise<boolean> {
  return (await statements.renewAttempt.run(pool, { epoch, leaseSeconds: leaseMs / 1000 })) === 1;
}

/** The tap has published its final batch and holds the task no longer: from here the loaders carry it. */
export async function finishExtraction(pool: Pool, epoch: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    await statements.markExtracted.run(client, { epoch });
    await statements.beginLoading.run(client, { epoch });
  });
}

/** Releases a task because the tap shuts down: it is queued again at once, and the attempt does not count. */
export async function releaseTask(pool: Pool, epoch: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockAttempt(client, epoch);
    await requeue(client, epoch, { outcome: 'interrupted', reason: SHUT_DOWN, counts: false });
  });
}

export interface TaskFailure {
  /** What was thrown, or what is to be said of it. */
  error: unknown;
  /** @default that of the error */
  code?: string | null;
  retry: boolean;
}

/** Ends an attempt that cannot go on. With `retry` the task gets a new attempt from the last applied bookmark, until
 *  {@link TASK_ATTEMPTS_MAX}; else, or after that, it fails. */
export async function failTask(pool: Pool, epoch: number, failure: TaskFailure): Promise<void> {
  const { text, code } = reasonOfError(failure.error);
  const reason = { text, code: failure.code ?? code };
  await inTransaction(pool, (client) => endAttempt(client, epoch, reason, failure.retry));
}

/** As {@link failTask}, inside the caller's transaction. */
export async function endAttempt(client: PoolClient, epoch: number, reason: EndReason, retry: boolean): Promise<void> {
  await lockAttempt(client, epoch);
  const task = await statements.lockTaskUnderWay.first(client, { epoch });
  if (task === undefined) return;
  if (retry && task.attempts < TASK_ATTEMPTS_MAX) {
    await requeue(client, epoch, { outcome: 'failed', reason, counts: true });
    return;
  }
  const { text: error, code } = reason;
  await statements.endAttempt.run(client, { epoch, outcome: 'failed', error, code });
  await announceFailure(client, await statements.failTaskOfEpoch.first(client, { epoch, error, code }), error);
}

/** Attempt before task before run: everybody who locks several takes them in this order. NO KEY, because loaders refer to
 *  the attempt from the ledger while they hold the task. */
export async function lockAttempt(client: PoolClient, epoch: number): Promise<void> {
  await statements.lockAttempts.run(client, { epoch });
}

/** Fails a task that no tap has claimed. */
export async function failQueuedTask(
  client: PoolClient,
  taskId: string,
  { text: error, code }: EndReason,
): Promise<void> {
  await announceFailure(client, await statements.failQueuedTask.first(client, { taskId, error, code }), error);
}

type FailedTask = RowOf<typeof statements.failQueuedTask>;

async function announceFailure(client: PoolClient, task: FailedTask | undefined, error: string): Promise<void> {
  if (task === undefined) return;
  await sendEvent(client, {
    type: 'task.failed',
    pipeline: task.pipeline,
    source: task.source,
    runId: task.run_id,
    cycleId: task.cycle_id,
    taskId: task.id,
    stream: task.stream,
    error,
  });
  await finishRunIfDone(client, task.run_id);
}

/** Ends the attempt and puts its task back into the queue. Clearing the epoch fences what the attempt still has under way. */
export async function requeue(
  client: PoolClient,
  epoch: number,
  end: { outcome: 'failed' | 'interrupted'; reason: EndReason; counts: boolean },
): Promise<void> {
  const { text: error, code } = end.reason;
  const task = await statements.requeueTask.first(client, { epoch, error, uncounted: end.counts ? 0 : 1, code });
  if (task === undefined) return;
  await statements.endAttempt.run(client, { epoch, outcome: end.outcome, error, code });
  await sendRun(client, task);
}

/** Sends the command that has a tap claim the task. */
export async function sendRun(client: PoolClient, task: RowOf<typeof statements.requeueTask>): Promise<void> {
  const { id: taskId, run_id: runId, pipeline, source, stream } = task;
  await sendCommand(client, { type: 'run', pipeline, source, runId, taskId, stream });
}
