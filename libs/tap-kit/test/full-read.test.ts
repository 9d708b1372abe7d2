import type { State } from '@pipeline/singer';
import { isFullReadDue, type ReadProgress, stateAfter } from '../src/read/full-read.ts';

const MONDAY = '2026-01-05T00:00:00.000000Z';
const TUESDAY = '2026-01-06T00:00:00.000000Z';
const DAY_SECONDS = 86_400;
const state: State = { bookmarks: { deals: { after: '1' } }, full_read_at: { deals: MONDAY } };
const isDue = (of: State, asked = false, startedAt = TUESDAY, intervalSeconds = DAY_SECONDS) =>
  isFullReadDue(of, 'deals', { asked, startedAt, intervalSeconds });
const progress: ReadProgress = { startedAt: TUESDAY, fullRead: true, isFirst: false, isOver: false };

test('a stream is read completely the first time, when asked, and when the interval is over', () => {
  expect(isDue({ bookmarks: {} })).toBe(true);
  expect(isDue({ bookmarks: { deals: { after: '1' } } })).toBe(true);
  expect(isDue(state, true, MONDAY)).toBe(true);
  expect(isDue(state)).toBe(true);
  expect(isDue(state, false, '2026-01-05T23:59:59.999999Z')).toBe(false);
  expect(isDue(state, false, MONDAY, 0)).toBe(true);
});

test('a repeated full read counts only when it is over', () => {
  expect(stateAfter(state, 'deals', { after: '2' }, progress)).toEqual({
    bookmarks: { deals: { after: '2' } },
    full_read_at: { deals: MONDAY },
  });
  expect(stateAfter(state, 'deals', { after: '2' }, { ...progress, isOver: true }).full_read_at).toEqual({
    deals: TUESDAY,
  });
});

test('a first read that is cut short goes on from its checkpoint', () => {
  const cut = stateAfter({ bookmarks: {} }, 'deals', { after: '2' }, { ...progress, isFirst: true });
  expect(isDue(cut)).toBe(false);
});

test('an incremental read leaves the last full read as it was, and other streams alone', () => {
  const both: State = { bookmarks: { owners: { x: 1 } }, full_read_at: { deals: MONDAY, owners: MONDAY } };
  expect(stateAfter(both, 'deals', { after: '2' }, { ...progress, fullRead: false, isOver: true })).toEqual({
    bookmarks: { owners: { x: 1 }, deals: { after: '2' } },
    full_read_at: { deals: MONDAY, owners: MONDAY },
  });
});

test('a stream without a bookmark of its own still remembers its full read', () => {
  const after = stateAfter({ bookmarks: {} }, 'owners', undefined, { ...progress, isFirst: true, isOver: true });
  expect(after).toEqual({ bookmarks: {}, full_read_at: { owners: TUESDAY } });
});
