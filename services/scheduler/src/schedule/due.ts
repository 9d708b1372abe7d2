import type { ScheduledPipeline } from '@pipeline/control';
import { nextAfter } from './timing.ts';

/** What the schedule asks for. Undefined: nothing now. `streams` null: all that are selected. */
export function dueNow(pipeline: ScheduledPipeline, intervalSeconds: number): { streams: string[] | null } | undefined {
  if (!isDue(pipeline, intervalSeconds)) return undefined;
  const intervals = pipeline.schedule.streamIntervals;
  const streams = pipeline.streams.filter(({ name, age }) => age === null || age >= (intervals[name] ?? 0));
  // Each has been read lately: the next look asks again.
  if (streams.length === 0) return undefined;
  return { streams: streams.length === pipeline.streams.length ? null : streams.map(({ name }) => name) };
}

/** A time that was missed counts once, however often it was missed. */
function isDue(pipeline: ScheduledPipeline, intervalSeconds: number): boolean {
  const { now, schedule, startedAt, finishedAt } = pipeline;
  if (retryAt(pipeline) <= now.getTime()) return true;
  const { timing } = schedule;
  if (timing.kind === 'manual') return false;
  if (timing.kind === 'cron') {
    const next = nextAfter(timing, startedAt ?? pipeline.registeredAt);
    return next !== undefined && next <= now;
  }
  const seconds = schedule.origin === 'default' ? intervalSeconds : timing.seconds;
  return finishedAt === null || finishedAt.getTime() + seconds * 1000 <= now.getTime();
}

/** When a failed run is tried again: later each time. */
function retryAt({ schedule, failuresInRow, finishedAt }: ScheduledPipeline): number {
  if (finishedAt === null || failuresInRow === 0 || failuresInRow > schedule.retries) return Number.POSITIVE_INFINITY;
  return finishedAt.getTime() + schedule.retryAfterSeconds * 1000 * 2 ** (failuresInRow - 1);
}
