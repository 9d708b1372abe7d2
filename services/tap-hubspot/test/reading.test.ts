import type { Bookmark } from '@pipeline/singer';
import { clientOf, uncached } from '@pipeline/tap-kit/testing';
import { bookmarkAfter, bookmarkAt, planReading } from '../src/crm/reading.ts';
import { afterSweep, isSweepDue } from '../src/crm/sweep-schedule.ts';
import { Settings } from '../src/settings.ts';

const KEY = 'hs_lastmodifieddate';
const NOW = '2024-06-01T12:00:00.000Z';
const settings = Settings.parse({ access_token: 'pat-na1-x', lookback_minutes: 30 });

const plan = (bookmark: Bookmark | undefined, fullRead = bookmark === undefined) =>
  planReading(
    {
      settings,
      bookmark,
      fullRead,
      startedAt: NOW,
      http: clientOf(() => Promise.reject(new Error('no request'))),
      cached: uncached,
      isSelected: () => true,
      signal: new AbortController().signal,
    },
    KEY,
  );

describe('planReading', () => {
  it('lists everything the first time', () => {
    expect(plan(undefined)).toMatchObject({ by: 'list', isResumed: false, since: '2024-06-01T11:30:00.000Z' });
  });

  it('searches from the bookmark after that, as other taps write it too', () => {
    expect(plan({ [KEY]: '2024-05-01T00:00:00.000000Z' })).toMatchObject({
      by: 'search',
      since: '2024-05-01T00:00:00.000000Z',
    });
  });

  it('lists everything when the bookmark makes no sense', () => {
    expect(plan({ [KEY]: 'yesterday' }, false).by).toBe('list');
    expect(plan({ position: { by: 'page', started_at: NOW } }, false).by).toBe('list');
  });

  it('reads child streams anew when the bookmark is of an older version', () => {
    const old = { [KEY]: '2024-05-01T00:00:00.000Z', children: { read_at: NOW, parents: 12 } };
    expect(plan(old, false)).toMatchObject({ by: 'search', children: [], sweeps: {} });
  });

  it('goes on where an attempt ended', () => {
    const first = plan(undefined);
    const next = planReading(
      {
        settings,
        bookmark: bookmarkAt(first, KEY, '42'),
        fullRead: false,
        startedAt: '2024-06-02T00:00:00.000Z',
        http: clientOf(() => Promise.reject(new Error('no request'))),
        cached: uncached,
        isSelected: () => true,
        signal: new AbortController().signal,
      },
      KEY,
    );
    expect(next).toEqual({ ...first, after: '42', isResumed: true });
  });

  it('begins a full read anew, whatever position is known, and remembers since when rows may have vanished', () => {
    const bookmark = {
      [KEY]: '2024-05-01T00:00:00.000Z',
      position: { by: 'search', started_at: '2024-05-02T00:00:00Z', after: '9' },
    };
    expect(plan(bookmark, true)).toMatchObject({
      by: 'list',
      after: undefined,
      isResumed: false,
      since: '2024-05-01T00:00:00.000Z',
      startedAt: NOW,
    });
  });

  it('ends with the start of the read less the look-back, also after an interruption', () => {
    const resumed = plan(
      {
        [KEY]: '2024-05-01T00:00:00.000Z',
        position: { by: 'search', started_at: '2024-05-02T00:00:00.000Z', after: '9' },
      },
      false,
    );
    expect(bookmarkAfter(resumed, KEY, settings)).toMatchObject({ [KEY]: '2024-05-01T23:30:00.000Z' });
  });
});

describe('the schedule of a sweep', () => {
  const MINUTE = 60_000;
  const at = (minutes: number) => new Date(Date.parse(NOW) + minutes * MINUTE).toISOString();
  /** How many sweeps of this many requests are made in a day of reads every five minutes. */
  const sweepsOfDay = (calls: number, own = settings) => {
    let reading = plan(undefined);
    let sweeps = 0;
    for (let minutes = 0; minutes < 1_440; minutes += 5) {
      if (!isSweepDue('archived', reading, at(minutes), own)) continue;
      sweeps += 1;
      reading = { ...reading, ...afterSweep('archived', reading, { now: at(minutes), calls, settings: own }) };
    }
    return sweeps;
  };

  it('lets what costs little happen in every read', () => {
    expect(sweepsOfDay(10)).toBe(288);
  });

  it('spreads what costs more over the day, after a first thousand requests', () => {
    expect(sweepsOfDay(1_000)).toBe(4);
    expect(sweepsOfDay(100) * 100).toBeLessThanOrEqual(4_100);
  });

  it('of calculated properties waits for a full read, and takes a third of the allowance in even parts', () => {
    const whole = {
      ...plan(undefined),
      ...afterSweep('calculated', plan(undefined), { now: NOW, calls: 100, settings }),
    };
    expect(isSweepDue('calculated', plan(undefined), NOW, settings)).toBe(false);
    // A thousand requests a day: a hundred are paid for after 144 minutes.
    expect(isSweepDue('calculated', whole, at(143), settings)).toBe(false);
    expect(isSweepDue('calculated', whole, at(144), settings)).toBe(true);
    const hourly = { ...settings, calculated_refresh_minutes: 60 };
    expect(isSweepDue('calculated', whole, at(59), hourly)).toBe(false);
    expect(isSweepDue('calculated', whole, at(60), hourly)).toBe(true);
  });

  it('follows the setting', () => {
    expect(sweepsOfDay(1_000, { ...settings, archived_refresh_minutes: 60 })).toBe(24);
    expect(sweepsOfDay(1_000, { ...settings, archived_refresh_minutes: 0 })).toBe(288);
  });
});
