import { errorMessage } from '@pipeline/contracts';
import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { failpoint, history } from '@pipeline/probe';
import { emptyState, type State } from '@pipeline/singer';
import { sendCommand, sendEvent } from '../cycle/outbox.ts';
import { finishRunIfDone } from '../cycle/runs.ts';
import { removeLeftovers } from './leftovers.ts';
import { readState } from './states.ts';

/** A claimed task lives this long without a sign from its tap, in milliseconds, where its configuration says nothing else. */
const LEASE_MS = 60_000;

/** Attempts of one task before it fails. Interruptions by a shutdown do not count. */
export const TASK_ATTEMPTS_MAX = 3;

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
    const { rows } = await client.query<TaskRow>(
      `select id, run_id, pipeline, source, stream, full_read from pipeline.tasks
       where id = $1 and status = 'queued' for update`,
      [options.taskId],
    );
    const task = rows[0];
    if (task === undefined) return undefined;
    const attempt = await startAttempt(client, task, options.claimedBy, options.leaseMs ?? LEASE_MS);
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
      fullRead: task.full_read,
      state: state ?? emptyState(),
    };
  });
  if (claim !== undefined) {
    history('claim', { epoch: claim.epoch, task: claim.taskId });
    failpoint('tap.after_claim');
  }
  return claim;
}

interface TaskRow {
  id: string;
  run_id: string;
  pipeline: string;
  source: string;
  stream: string;
  full_read: boolean;
}

async function startAttempt(client: PoolClient, task: TaskRow, claimedBy: string, leaseMs: number) {
  const { rows } = await client.query<{ epoch: string; started_at: string }>(
    `insert into pipeline.attempts (epoch, task_id, pipeline, stream, full_read, claimed_by, lease_until)
     values (nextval('pipeline.epoch_seq'), $1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
     returning epoch::text, to_char(started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as started_at`,
    [task.id, task.pipeline, task.stream, task.full_read, claimedBy, leaseMs / 1000],
  );
  const attempt = rows[0];
  if (attempt === undefined) throw new Error('the insert of an attempt returned no row');
  await client.query(
    `update pipeline.tasks set status = 'running', current_epoch = $2, attempts = attempts + 1, error = null where id = $1`,
    [task.id, attempt.epoch],
  );
  return attempt;
}

/** Says that the tap is alive. False: the lease is lost, the task belongs to somebody else or is over, and the attempt must stop. */
export async function renewLease(pool: Pool, epoch: number, leaseMs: number = LEASE_MS): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update pipeline.attempts set lease_until = clock_timestamp() + make_interval(secs => $2)
     where epoch = $1 and outcome is null and lease_until > clock_timestamp()`,
    [epoch, leaseMs / 1000],
  );
  return rowCount === 1;
}

/** The tap has published its final batch and holds the task no longer: from here the loaders carry it. */
export async function finishExtraction(pool: Pool, epoch: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('update pipeline.attempts set extracted_at = clock_timestamp() where epoch = $1', [epoch]);
    await client.query(`update pipeline.tasks set status = 'loading' where current_epoch = $1 and status = 'running'`, [
      epoch,
    ]);
  });
}

/** Gives a task back because the tap shuts down: it is queued again at once, and the attempt does not count. */
export async function releaseTask(pool: Pool, epoch: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockAttempt(client, epoch);
    await requeue(client, epoch, { outcome: 'interrupted', error: 'the tap was shut down', counts: false });
  });
}

/** Ends an attempt that cannot go on. With `retry` the task gets a new attempt from the last applied bookmark, until
 *  {@link TASK_ATTEMPTS_MAX}; else, or after that, it fails. */
export async function failTask(pool: Pool, epoch: number, failure: { error: unknown; retry: boolean }): Promise<void> {
  await inTransaction(pool, (client) => endAttempt(client, epoch, errorMessage(failure.error), failure.retry));
}

/** As {@link failTask}, inside the caller's transaction. */
export async function endAttempt(client: PoolClient, epoch: number, error: string, retry: boolean): Promise<void> {
  await lockAttempt(client, epoch);
  const { rows } = await client.query<{ attempts: number }>(
    `select attempts from pipeline.tasks where current_epoch = $1 and status in ('running', 'loading') for update`,
    [epoch],
  );
  const task = rows[0];
  if (task === undefined) return;
  if (retry && task.attempts < TASK_ATTEMPTS_MAX) {
    await requeue(client, epoch, { outcome: 'failed', error, counts: true });
    return;
  }
  await client.query(
    `update pipeline.attempts set outcome = 'failed', error = $2, finished_at = clock_timestamp() where epoch = $1 and outcome is null`,
    [epoch, error],
  );
  await failRow(client, 't.current_epoch = $1', epoch, error);
}

/** Attempt before task before run: everybody who locks several takes them in this order. NO KEY, because loaders refer to
 *  the attempt from the ledger while they hold the task. */
export async function lockAttempt(client: PoolClient, epoch: number): Promise<void> {
  await client.query('select from pipeline.attempts where epoch = $1 for no key update', [epoch]);
}

/** Fails a task that no tap has claimed. */
export async function failQueuedTask(client: PoolClient, taskId: string, error: string): Promise<void> {
  await failRow(client, `t.id = $1 and t.status = 'queued'`, taskId, error);
}

async function failRow(client: PoolClient, condition: string, value: string | number, error: string): Promise<void> {
  const { rows } = await client.query<TaskRow & { cycle_id: string }>(
    `update pipeline.tasks t set status = 'failed', error = $2, current_epoch = null, finished_at = clock_timestamp()
     from pipeline.runs r where r.id = t.run_id and ${condition}
     returning t.id, t.run_id, t.pipeline, t.source, t.stream, r.cycle_id`,
    [value, error],
  );
  const task = rows[0];
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
  end: { outcome: 'failed' | 'interrupted'; error: string; counts: boolean },
): Promise<void> {
  const { rows } = await client.query<TaskRow>(
    `update pipeline.tasks
     set status = 'queued', current_epoch = null, error = $2, queued_at = clock_timestamp(), command_sent_at = clock_timestamp(),
         attempts = attempts - $3
     where current_epoch = $1 and status in ('running', 'loading')
     returning id, run_id, pipeline, source, stream, full_read`,
    [epoch, end.error, end.counts ? 0 : 1],
  );
  const task = rows[0];
  if (task === undefined) return;
  await client.query(
    `update pipeline.attempts set outcome = $2, error = $3, finished_at = clock_timestamp() where epoch = $1 and outcome is null`,
    [epoch, end.outcome, end.error],
  );
  await sendCommand(client, {
    type: 'run',
    pipeline: task.pipeline,
    source: task.source,
    runId: task.run_id,
    taskId: task.id,
    stream: task.stream,
  });
}
