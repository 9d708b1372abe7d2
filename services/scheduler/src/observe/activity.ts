import { type Expectation, expectationKey, type LiveTask, type PipelineRow, RATE_SECONDS } from '@pipeline/control';
import type { Activity, Bar } from '@pipeline/protocol/api';
import type { z } from 'zod';

const PROGRESS_MAX = 0.99;
const ENDED = new Set(['loaded', 'incomplete', 'failed', 'cancelled']);

/** What a pipeline with a live run does now. */
export function activityOf(
  pipeline: PipelineRow,
  tasks: LiveTask[],
  expected: Map<string, Expectation>,
  runSeconds: number | undefined,
): Activity | null {
  if (pipeline.liveRunId === null || pipeline.liveSince === null) return null;
  const open = tasks.filter(({ status }) => !ENDED.has(status));
  const current =
    open.find(({ status }) => status === 'running') ?? open.find(({ status }) => status === 'loading') ?? open[0];
  const expectedRows = current === undefined ? undefined : expected.get(expectationKey(current))?.rows;
  const rows = current?.rows ?? 0;
  const isMoreThanUsual = expectedRows !== undefined && rows > expectedRows;
  const hasBar = expectedRows !== undefined && expectedRows > 0 && !isMoreThanUsual;
  return {
    runId: pipeline.liveRunId,
    state: stateOf(current),
    startedAt: pipeline.liveSince,
    stream: current?.stream ?? null,
    rows,
    expectedRows: expectedRows === undefined ? null : Math.round(expectedRows),
    rowsPerSecond: current === undefined ? null : current.rowsLately / RATE_SECONDS,
    progress: hasBar ? Math.min(PROGRESS_MAX, rows / expectedRows) : null,
    isMoreThanUsual,
    waitingFor: current?.waitingFor ?? null,
    waitingUntil: current?.waitingUntil ?? null,
    tasksDone: tasks.length - open.length,
    tasks: tasks.length,
    expectedEndAt:
      runSeconds === undefined ? null : new Date(Date.parse(pipeline.liveSince) + runSeconds * 1000).toISOString(),
  };
}

function stateOf(task: LiveTask | undefined): Activity['state'] {
  if (task === undefined || task.status === 'loading') return 'loading';
  if (task.status === 'queued') return 'queued';
  return task.waitingFor === null ? 'reading' : 'waiting';
}

/** The bar of a pipeline in the cycle: done, waited, expected, failed. */
export function barsOf(
  pipeline: PipelineRow,
  cycle: { id: string; startedAt: string } | undefined,
  tasks: LiveTask[],
  activity: Activity | null,
): z.infer<typeof Bar>[] {
  const bars: z.infer<typeof Bar>[] = [];
  const { outcome } = pipeline;
  if (activity === null) {
    if (outcome === null || cycle === undefined || outcome.cycleId !== cycle.id) return [];
    return [{ kind: outcome.state === 'failed' ? 'failed' : 'done', from: outcome.startedAt, to: outcome.finishedAt }];
  }
  const now = new Date().toISOString();
  bars.push({ kind: 'done', from: activity.startedAt, to: now });
  for (const task of tasks) {
    for (const { from, until } of task.waits) bars.push({ kind: 'waited', from, to: [until, now].sort()[0] ?? now });
  }
  if (activity.expectedEndAt !== null && activity.expectedEndAt > now) {
    bars.push({ kind: 'expected', from: now, to: activity.expectedEndAt });
  }
  return bars;
}
