import type { Bookmark } from '@pipeline/singer';
import { clientOf, uncached } from '@pipeline/tap-kit/testing';
import { areChildrenDue } from '../src/children.ts';
import { bookmarkAfter, bookmarkAt, planReading } from '../src/reading.ts';
import { HubspotSettings } from '../src/settings.ts';

const KEY = 'hs_lastmodifieddate';
const NOW = '2024-06-01T12:00:00.000Z';
const settings = HubspotSettings.parse({ access_token: 'pat-na1-x', lookback_minutes: 30 });

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
    expect(bookmarkAfter(resumed, KEY, settings, undefined)).toEqual({ [KEY]: '2024-05-01T23:30:00.000Z' });
  });
});

describe('areChildrenDue', () => {
  const due = (parents: number, minutesAgo: number, associations_refresh_minutes?: number) =>
    areChildrenDue(
      { read_at: new Date(Date.parse(NOW) - minutesAgo * 60_000).toISOString(), parents },
      { parentsMax: 1_000, now: NOW, settings: { associations_refresh_minutes } },
    );

  it('is always so for what costs 100 requests or less', () => {
    expect(due(9_000, 0)).toBe(true);
    expect(due(9_100, 0)).toBe(false);
  });

  it('is so as often as a fifth of the daily allowance permits', () => {
    expect(due(100_000, 31)).toBe(false);
    expect(due(100_000, 32)).toBe(true);
  });

  it('follows the setting', () => {
    expect(due(100_000, 0, 0)).toBe(true);
    expect(due(10, 59, 60)).toBe(false);
    expect(due(10, 60, 60)).toBe(true);
  });

  it('is so when it never was done', () => {
    expect(areChildrenDue(undefined, { parentsMax: 1_000, now: NOW, settings: {} })).toBe(true);
  });
});
