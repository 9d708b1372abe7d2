import type { JsonObject } from '@pipeline/singer';
import { clientOf, uncached } from '@pipeline/tap-kit/testing';
import { secondOf } from '../../src/reading/instant.ts';
import { planRead } from '../../src/reading/read-plan.ts';
import { Settings } from '../../src/settings.ts';

const FIRST = '2026-01-01T10:00:00.000Z';
const SECOND = '2026-01-01T11:00:00.250Z';

interface Options {
  startedAt: string;
  bookmark?: JsonObject;
  fullRead?: boolean;
  count: number | 'unknown' | 'unstable';
  fingerprint?: string;
  startDate?: string;
}

function contextOf({ startedAt, bookmark, fullRead = false, startDate }: Omit<Options, 'count'>) {
  return {
    settings: Settings.parse({ token: 't', start_date: startDate }),
    http: clientOf(async () => null),
    cached: uncached,
    bookmark,
    fullRead,
    startedAt,
    isSelected: () => true,
    signal: new AbortController().signal,
  };
}

const plan = ({ count, fingerprint, ...options }: Options) =>
  planRead(contextOf(options), async () => count, fingerprint);

const recorded = () => ({ asked: [] as number[], context: contextOf({ startedAt: FIRST }) });

const OLD = { id: 'old', createdDate: '2025-12-31T00:00:00Z' };
const YOUNG = { id: 'young', createdDate: '2026-01-01T09:59:30Z' };

describe('planRead', () => {
  it('reads everything the first time', async () => {
    const { isFull, updatedSince, createdBefore, bookmark } = await plan({ startedAt: FIRST, count: 7 });
    expect([isFull, updatedSince, createdBefore]).toEqual([true, undefined, secondOf('2026-01-01T10:00:01Z')]);
    expect(bookmark()).toEqual({
      updatedDate: '2026-01-01T09:55:00Z',
      createdBefore: '2026-01-01T09:59:00Z',
      rows: 7,
    });
  });

  it('reads what was updated since the last read, less the look-back, when no row is gone', async () => {
    const first = await plan({ startedAt: FIRST, count: 7 });
    const next = await plan({ startedAt: SECOND, bookmark: first.bookmark(), count: 7 });
    expect(next.updatedSince).toBe(secondOf('2026-01-01T09:55:00Z'));
  });

  it.each([6, 8, 'unstable'] as const)('reads everything when 7 counted rows have become %p', async (count) => {
    const first = await plan({ startedAt: FIRST, count: 7 });
    await expect(plan({ startedAt: SECOND, bookmark: first.bookmark(), count })).resolves.toMatchObject({
      isFull: true,
    });
  });

  it('reads everything after a read that could not count', async () => {
    const first = await plan({ startedAt: FIRST, count: 'unstable' });
    await expect(plan({ startedAt: SECOND, bookmark: first.bookmark(), count: 7 })).resolves.toMatchObject({
      isFull: true,
    });
  });

  it('counts anew before it compares, so that what goes away in between is still counted', async () => {
    const { asked, context } = recorded();
    const first = await plan({ startedAt: FIRST, count: 7 });
    await planRead({ ...context, startedAt: SECOND, bookmark: first.bookmark() }, async (end) => {
      asked.push(end);
      return 7;
    });
    expect(asked).toEqual([secondOf('2026-01-01T10:59:00Z'), secondOf('2026-01-01T09:59:00Z')]);
  });

  it('finds that a young row is gone, which no count had in it', async () => {
    const first = await plan({ startedAt: FIRST, count: 7 });
    first.note([OLD, YOUNG]);
    const next = await plan({ startedAt: SECOND, bookmark: first.bookmark(), count: 7 });
    expect(next.gone()).toEqual(['young']);
    next.note([YOUNG], 'bin');
    expect(next.gone()).toEqual([]);
  });

  it('goes on incrementally where the API does not count', async () => {
    const first = await plan({ startedAt: FIRST, count: 'unknown' });
    expect(first.bookmark()).toMatchObject({ rows: null });
    const next = await plan({ startedAt: SECOND, bookmark: first.bookmark(), count: 'unknown' });
    expect(next.isFull).toBe(false);
  });

  it('reads everything when asked to, or when the bookmark is not one of ours', async () => {
    const first = await plan({ startedAt: FIRST, count: 7 });
    const asked = await plan({ startedAt: SECOND, bookmark: first.bookmark(), fullRead: true, count: 7 });
    const strange = await plan({ startedAt: SECOND, bookmark: { replication_key_value: 'x' }, count: 7 });
    expect([asked.isFull, strange.isFull]).toEqual([true, true]);
  });

  it('goes on from a bookmark of an earlier version', async () => {
    const bookmark = { updatedDate: '2026-01-01T09:55:00Z', createdBefore: '2026-01-01T10:00:01Z', rows: 7 };
    await expect(plan({ startedAt: SECOND, bookmark, count: 7 })).resolves.toMatchObject({ isFull: false });
  });

  it('reads everything again when what the rows are made of has changed', async () => {
    const context = { startedAt: FIRST, count: 7 };
    const bookmark = (await plan({ ...context, fingerprint: 'one' })).bookmark();
    await expect(plan({ ...context, bookmark, fingerprint: 'one' })).resolves.toMatchObject({ isFull: false });
    await expect(plan({ ...context, bookmark, fingerprint: 'two' })).resolves.toMatchObject({ isFull: true });
  });

  it('reads everything since the start date only', async () => {
    const { isFull, updatedSince } = await plan({ startedAt: FIRST, count: 7, startDate: '2025-06-01' });
    expect([isFull, updatedSince]).toEqual([true, secondOf('2025-06-01T00:00:00Z')]);
  });
});
