import type { PipelineRow } from '@pipeline/control';
import type { PipelineSummary, StreamItem } from '@pipeline/protocol/api';
import { nextAfter, scheduleOf } from '../schedule/timing.ts';

/** A pipeline as the API lists it. */
export function summaryOf(
  row: PipelineRow,
  activity: PipelineSummary['activity'],
  streams: StreamItem[],
  options: { intervalSeconds: number; nextCycleAt: string | null },
): PipelineSummary {
  const { name, connection, source, label, isAlive, isRequested, outcome, failuresInRow } = row;
  const schedule = scheduleOf(row.schedule, options.intervalSeconds);
  const own = streams.filter((stream) => stream.pipeline === name && stream.parent === null);
  const oldest = own.toSorted((a, b) => (a.loadedAt ?? '').localeCompare(b.loadedAt ?? ''))[0];
  return {
    ...{ name, connection, source, label, isAlive, isRequested, outcome, activity, schedule, failuresInRow },
    pause: pauseOf(row),
    nextRunAt: nextRunOf(row, schedule, options.nextCycleAt),
    oldestStream:
      oldest === undefined ? null : { stream: oldest.stream, loadedAt: oldest.loadedAt, isLate: oldest.isLate },
  };
}

function pauseOf(row: PipelineRow): PipelineSummary['pause'] {
  if (!row.isPaused) return null;
  return {
    at: row.pausedAt ?? new Date(0).toISOString(),
    by: row.pausedBy ?? 'unknown',
    reason: row.pauseReason,
    until: row.pausedUntil,
  };
}

function nextRunOf(
  row: PipelineRow,
  { timing, origin }: PipelineSummary['schedule'],
  nextCycleAt: string | null,
): string | null {
  if (row.isPaused || row.liveRunId !== null) return row.isPaused ? row.pausedUntil : null;
  if (row.retryAt !== null) return row.retryAt;
  if (timing.kind === 'manual') return null;
  if (origin === 'default') return nextCycleAt;
  const last = row.lastFinishedAt === null ? new Date(0) : new Date(row.lastFinishedAt);
  if (timing.kind === 'cron') return nextAfter(timing, new Date())?.toISOString() ?? null;
  return new Date(last.getTime() + timing.seconds * 1000).toISOString();
}
