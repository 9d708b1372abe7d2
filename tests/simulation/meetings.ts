import {
  type Claim,
  claimTask,
  cycleProgress,
  enterLedger,
  finalise,
  isCurrentEpoch,
  liveCycle,
  recordManifest,
  relayOutbox,
  renewLease,
  startCycle,
  startRun,
  wakeQueuedTasks,
} from '@pipeline/control';
import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { errorMessage, PipelineError } from '@pipeline/protocol';
import { finishRunIfDone } from '../../libs/control/src/cycle/runs.ts';
import { lockTaskOfStream, lockTasksOfRun } from '../../libs/control/src/task/live-task.ts';
import { endAttempt } from '../../libs/control/src/task/tasks.ts';
import { headersOf, loadBatch, manifestOf, noDeletes } from '../../libs/control/test/support.ts';
import { PIPELINE } from './actors/platform.ts';
import { poolWithin } from './database/pool-within.ts';

/** What two transactions meet about: a cycle with a run, a claimed task with one batch loaded, and two queued tasks. */
export interface Subject {
  cycleId: string;
  claim: Claim;
  queuedTask: string;
}

/** One transaction's part of a meeting. */
export type Part = (client: PoolClient, subject: Subject) => Promise<unknown>;

const AT_ONCE = { resendCommandMs: -1_000, noTapMs: 1e9, lostBatchesMs: 1e9 };

/** What transactions of the platform do with rows that others may hold. */
export const parts: Record<string, Part> = {
  fence: (client, { claim }) => isCurrentEpoch(client, claim.taskId, claim.epoch),
  'new batch': (client, { claim }) => enterLedger(client, headersOf(claim, { seq: 1 }), 1),
  'same number, other bytes': (client, { claim }) =>
    enterLedger(client, headersOf(claim, { seq: 1, sha256: 'f'.repeat(64) }), 1),
  'known batch': (client, { claim }) => enterLedger(client, headersOf(claim, { seq: 0 }), 1),
  manifest: (client, { claim }) => recordManifest(client, claim.epoch, manifestOf(claim, 0)),
  'end of the attempt': (client, { claim }) => endAttempt(client, claim.epoch, { text: 'gone', code: null }, true),
  'claim of a queued task': async (client, { queuedTask }) => {
    const claimed = await claimTask(poolWithin(client), { taskId: queuedTask, claimedBy: 'one' });
    return claimed === undefined ? 'not mine' : claimed.stream;
  },
  finalise: (client, { claim }) => finalise(poolWithin(client), claim.epoch, noDeletes),
  'renewal of the lease': (client, { claim }) => renewLease(poolWithin(client), claim.epoch),
  'end of the run': (client, { claim }) => finishRunIfDone(client, claim.runId),
  relay: (client) => relayOutbox(poolWithin(client), async () => undefined),
  'watchdog of commands': async (client) => (await wakeQueuedTasks(poolWithin(client), AT_ONCE)).length,
  cycle: (client, { cycleId }) => cycleProgress(client, cycleId),
  operator: async (client, { claim }) => (await lockTaskOfStream(client, PIPELINE, claim.stream)) !== undefined,
  'cancel of the run': async (client, { claim }) => (await lockTasksOfRun(client, claim.runId)).length,
};

/** Makes what is met about, on an empty database. */
export async function prepare(pool: Pool): Promise<Subject> {
  const cycleId = (await startCycle(pool, [PIPELINE])) ?? (await liveCycle(pool))?.id ?? '';
  await inTransaction(pool, (client) => startRun(client, cycleId, PIPELINE));
  const tasks: string[] = [];
  await relayOutbox(pool, async ({ body }) => void tasks.push(JSON.parse(body).taskId));
  const [first = '', second = ''] = tasks;
  const claim = await claimTask(pool, { taskId: first, claimedBy: 'one' });
  if (claim === undefined) throw new Error('the task of a new run can be claimed');
  await loadBatch(pool, claim, { seq: 0, bookmark: 'first' });
  await wakeQueuedTasks(pool, AT_ONCE);
  return { cycleId, claim, queuedTask: second };
}

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The response of a part, or what it was refused with, without ids. */
export async function responseOf(work: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify((await work()) ?? null);
  } catch (error) {
    return error instanceof PipelineError ? error.code : errorMessage(error).replaceAll(ID, 'id');
  }
}
