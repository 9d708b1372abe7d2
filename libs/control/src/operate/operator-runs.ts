import type { Pool } from '@pipeline/postgres';
import { finishRunIfDone } from '../cycle/runs.ts';
import { cancelTask, lockTasksOfRun } from '../task/live-task.ts';
import { lockRun } from './operate.sql.ts';
import { operate, refusal } from './operator.ts';

/** Ends a run: its live attempts are fenced, its queued tasks are never read. Streams that are loaded already stay so, bookmarks stay where
 *  the last committed checkpoint put them, and the cycle goes on without the run.
 *  @throws PipelineError `UNKNOWN_RUN`, `RUN_OVER`. Returns the number of tasks that were cancelled. */
export function cancelRun(pool: Pool, { runId, actor }: { runId: string; actor: string }): Promise<number> {
  return operate(pool, { actor, action: 'cancel-run', target: runId, details: {} }, async (client) => {
    const tasks = await lockTasksOfRun(client, runId);
    const run = await lockRun.first(client, { runId });
    if (run === undefined) throw refusal('UNKNOWN_RUN', `there is no run ${runId}: see /api/status`);
    if (run.status !== 'running') throw refusal('RUN_OVER', `run ${runId} is over: it is ${run.status}`);
    for (const task of tasks) await cancelTask(client, task, 'cancelled by an operator');
    await finishRunIfDone(client, runId);
    return tasks.length;
  });
}
