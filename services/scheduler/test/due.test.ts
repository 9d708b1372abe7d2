import type { ScheduledPipeline } from '@pipeline/control';
import type { Schedule } from '@pipeline/protocol/api';
import { dueNow } from '../src/schedule/due.ts';
import { nextTimes, toSchedule } from '../src/schedule/timing.ts';

const base = { streamIntervals: {}, retries: 0, retryAfterSeconds: 60, pauseAfterFailures: null };
const schedule = (timing: Schedule['timing'], rest: Partial<Schedule> = {}): Schedule => ({
  ...base,
  timing,
  origin: 'page',
  ...rest,
});
const at = (time: string) => new Date(`2026-03-29T${time}Z`);
const pipeline = (own: Schedule, rest: Partial<ScheduledPipeline> = {}): ScheduledPipeline => ({
  name: 'p',
  schedule: own,
  now: at('06:00:00'),
  registeredAt: at('00:00:00'),
  startedAt: at('05:00:00'),
  finishedAt: at('05:01:00'),
  failuresInRow: 0,
  streams: [{ name: 'deals', age: 100 }],
  ...rest,
});
const isDue = (own: Schedule, rest?: Partial<ScheduledPipeline>) => dueNow(pipeline(own, rest), 300) !== undefined;

describe('a schedule of its own', () => {
  it('counts an interval from the end of the last run', () => {
    expect(isDue(schedule({ kind: 'interval', seconds: 59 * 60 }))).toBe(true);
    expect(isDue(schedule({ kind: 'interval', seconds: 59 * 60 + 1 }))).toBe(false);
    expect(isDue(schedule({ kind: 'interval', seconds: 1e6 }), { startedAt: null, finishedAt: null })).toBe(true);
  });

  it('makes up for missed times once', () => {
    const hourly = schedule({ kind: 'cron', expression: '*/10 * * * *', timeZone: 'UTC' });
    expect(isDue(hourly)).toBe(true);
    expect(isDue(hourly, { startedAt: at('06:00:00'), finishedAt: null })).toBe(false);
  });

  it('keeps to the hour of its time zone across the change of the clocks', () => {
    const times = nextTimes(
      { kind: 'cron', expression: '0 6 * * *', timeZone: 'Europe/Berlin' },
      2,
      new Date('2026-03-28T00:00:00Z'),
    );
    expect(times.map((time) => time.toISOString())).toEqual(['2026-03-28T05:00:00.000Z', '2026-03-29T04:00:00.000Z']);
  });

  it('never begins by itself when it is run by hand', () => {
    expect(isDue(schedule({ kind: 'manual' }), { startedAt: null, finishedAt: null })).toBe(false);
  });

  it('tries a failed run again, waiting twice as long each time, and then no more', () => {
    const retried = schedule({ kind: 'manual' }, { retries: 2, retryAfterSeconds: 1_800 });
    expect(isDue(retried, { failuresInRow: 1 })).toBe(true);
    expect(isDue(retried, { failuresInRow: 2 })).toBe(false);
    expect(isDue(retried, { failuresInRow: 2, finishedAt: at('04:59:59') })).toBe(true);
    expect(isDue(retried, { failuresInRow: 3, finishedAt: at('00:00:00') })).toBe(false);
  });

  it('leaves out streams that were read lately', () => {
    const own = schedule({ kind: 'interval', seconds: 0 }, { streamIntervals: { contacts: 3_600 } });
    const streams = [
      { name: 'deals', age: 100 },
      { name: 'contacts', age: 3_599 },
    ];
    expect(dueNow(pipeline(own, { streams }), 300)).toEqual({ streams: ['deals'] });
    expect(dueNow(pipeline(own, { streams: [{ name: 'contacts', age: 3_600 }] }), 300)).toEqual({ streams: null });
    expect(dueNow(pipeline(own, { streams: [{ name: 'contacts', age: 10 }] }), 300)).toBeUndefined();
  });

  it('refuses what is no time', () => {
    const timing = { kind: 'cron' as const, expression: '61 * * * *', timeZone: 'UTC' };
    expect(() => toSchedule({ ...base, timing }, 300)).toThrow('is no schedule');
    expect(() =>
      toSchedule({ ...base, timing: { ...timing, expression: '0 6 * * *', timeZone: 'Mars/Olympus' } }, 300),
    ).toThrow('is no schedule');
  });
});
