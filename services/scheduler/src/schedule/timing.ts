import { PipelineError } from '@pipeline/protocol';
import type { Schedule, ScheduleRequest, Timing } from '@pipeline/protocol/api';
import { Cron } from 'croner';

/** The schedule in force: its own, or the interval of all. */
export function scheduleOf(own: Schedule | null, intervalSeconds: number): Schedule {
  const timing = { kind: 'interval', seconds: intervalSeconds } as const;
  // The interval of all may have changed since the rest was saved.
  if (own !== null) return own.origin === 'default' ? { ...own, timing } : own;
  return {
    timing,
    streamIntervals: {},
    retries: 0,
    retryAfterSeconds: 60,
    pauseAfterFailures: null,
    origin: 'default',
  };
}

/** A schedule as it is saved. @throws PipelineError `SCHEDULE_INVALID` */
export function toSchedule(request: ScheduleRequest, intervalSeconds: number): Schedule {
  if (request.timing === null) {
    return { ...request, timing: { kind: 'interval', seconds: intervalSeconds }, origin: 'default' };
  }
  nextTimes(request.timing, 1);
  return { ...request, timing: request.timing, origin: 'page' };
}

/** The next times of a cron expression; none for an interval and by hand. @throws PipelineError `SCHEDULE_INVALID` */
export function nextTimes(timing: Timing, count: number, after = new Date()): Date[] {
  return timing.kind === 'cron' ? parse(timing).nextRuns(count, after) : [];
}

/** The first time of a cron expression after an instant. Undefined: there is none. */
export function nextAfter(timing: Extract<Timing, { kind: 'cron' }>, after: Date): Date | undefined {
  return parse(timing).nextRun(after) ?? undefined;
}

function parse({ expression, timeZone }: Extract<Timing, { kind: 'cron' }>): Cron {
  try {
    // Paused: the pattern is asked for times, nothing runs by itself.
    const cron = new Cron(expression, { timezone: timeZone, paused: true });
    // An unknown time zone shows only now.
    cron.nextRun();
    return cron;
  } catch (cause) {
    throw new PipelineError({
      code: 'SCHEDULE_INVALID',
      recovery: 'fail',
      message: `"${expression}" in ${timeZone} is no schedule: expected five fields such as "0 6 * * 1-5" and a time zone such as Europe/Berlin`,
      cause,
    });
  }
}

/** Seconds from one run to the next. Undefined: by hand. */
export function secondsBetweenRuns(timing: Timing, next: Date[]): number | undefined {
  if (timing.kind === 'interval') return timing.seconds;
  const [first, second] = next;
  return first === undefined || second === undefined ? undefined : (second.getTime() - first.getTime()) / 1000;
}

/** A timing in words. */
export function describeTiming(timing: Timing): string {
  switch (timing.kind) {
    case 'interval':
      return `${duration(timing.seconds)} after the last run ended`;
    case 'cron':
      return `by cron ${timing.expression}, ${timing.timeZone}`;
    case 'manual':
      return 'by hand only';
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 360) / 10} h`;
}
