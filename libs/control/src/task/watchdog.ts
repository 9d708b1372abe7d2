import { inTransaction, type Pool, type RowOf } from '@pipeline/postgres';
import { PIPELINE_ALIVE_MS } from '../cycle/pipelines.ts';
import type { EndReason } from './end-reason.ts';
import { endAttempt, failQueuedTask, sendRun } from './tasks.ts';
import * as statements from './watchdog.sql.ts';

export interface WatchdogLimits {
  /** A command that nobody claimed is sent again after this long: it was lost with the broker, or its tap is busy. */
  resendCommandMs: number;
  /** A queued task whose pipeline has no living tap fails after this long. Undefined: the taps had no time yet to say that they live. */
  noTapMs: number | undefined;
  /** An attempt whose tap has finished, whose queue is empty and which makes no progress for this long has lost batches. */
  lostBatchesMs: number;
}

const WATCHDOG_LIMITS: WatchdogLimits = { resendCommandMs: 60_000, noTapMs: 60_000, lostBatchesMs: 60_000 };

/** What the watchdog did, for the log: one line each. */
export interface Finding {
  pipeline: string;
  source: string;
  stream: string;
  message: string;
}

type LiveAttempt = RowOf<typeof statements.selectDeadLeases>;

/** Attempts whose lease ran out: the tap died. A new attempt goes on from the last applied bookmark. */
export async function reapDeadLeases(pool: Pool): Promise<Finding[]> {
  const dead = await statements.selectDeadLeases.all(pool);
  return endAll(pool, dead, {
    text: 'the lease ran out: its tap gave no sign of life',
    code: 'LEASE_EXPIRED',
  });
}

/** Attempts that wait for batches which no longer exist: the queue was purged, or the broker's disk is gone. One whose batches are all in
 *  the ledger only waits for its finaliser. A loader that holds batches back says so (a full disk, a missing right), and nothing of its run counts as
 *  lost meanwhile; one that holds them and says nothing is dead, and they meet the fence. */
export async function reapLostBatches(
  pool: Pool,
  queueIsEmpty: (source: string) => Promise<boolean>,
  limits: WatchdogLimits = WATCHDOG_LIMITS,
): Promise<Finding[]> {
  const silent = await statements.selectWithoutProgress.all(pool, { silentSeconds: limits.lostBatchesMs / 1000 });
  const stuck: LiveAttempt[] = [];
  for (const attempt of silent) if (await queueIsEmpty(attempt.source)) stuck.push(attempt);
  return endAll(pool, stuck, {
    text: 'batches were lost: the queue is empty and the attempt has a gap',
    code: 'BATCHES_LOST',
  });
}

async function endAll(pool: Pool, attempts: LiveAttempt[], reason: EndReason): Promise<Finding[]> {
  for (const { epoch } of attempts) {
    await inTransaction(pool, (client) => endAttempt(client, Number(epoch), reason, true));
  }
  return attempts.map(({ pipeline, source, stream }) => ({ pipeline, source, stream, message: reason.text }));
}

/** Queued tasks that nobody claims: the command is sent again, or the task fails when its pipeline has no living tap. A command that is still in
 *  the outbox waits for the broker: more of them would not help. */
export async function wakeQueuedTasks(pool: Pool, limits: WatchdogLimits = WATCHDOG_LIMITS): Promise<Finding[]> {
  return inTransaction(pool, async (client) => {
    const tasks = await statements.lockQueuedTasks.all(client, {
      aliveSeconds: PIPELINE_ALIVE_MS / 1000,
      noTapSeconds: (limits.noTapMs ?? 0) / 1000,
      resendSeconds: limits.resendCommandMs / 1000,
    });
    const findings: Finding[] = [];
    for (const task of tasks) {
      const subject = { pipeline: task.pipeline, source: task.source, stream: task.stream };
      if (task.orphaned && limits.noTapMs !== undefined) {
        const message = `no tap-${task.source} is alive: start one`;
        await failQueuedTask(client, task.id, { text: message, code: 'NO_TAP' });
        findings.push({ ...subject, message });
      } else if (task.stale) {
        await statements.markCommandSent.run(client, { taskId: task.id });
        await sendRun(client, task);
        findings.push({ ...subject, message: 'nobody claimed the task: its command is sent again' });
      }
    }
    return findings;
  });
}
