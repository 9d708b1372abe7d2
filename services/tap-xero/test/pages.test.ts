import { clientOf } from '@pipeline/tap-kit/testing';
import { readPages } from '../src/reading/pages.ts';
import { PAGES_AHEAD_MAX } from '../src/reading/pages-ahead.ts';
import { contextOf, readAll, THINGS } from './shifting-list.ts';

const unchanged = (_call: number, ids: string[]) => ids;

describe('readPages', () => {
  it.each([0, 1, 2, 3, 4])('reads a quiet list of %i rows once', async (count) => {
    const ids = ['a', 'b', 'c', 'd'].slice(0, count);
    const read = await readAll({ ids, before: unchanged });
    expect(read).toEqual({ ids, calls: Math.max(1, Math.ceil(count / 2)) });
  });

  it('loses no row when new ones come before those already read', async () => {
    const before = (call: number, ids: string[]) => (call === 2 ? [...ids, '0', '1', '2'] : ids);
    const read = await readAll({ ids: ['a', 'b', 'c', 'd'], before });
    expect(read).toEqual({ ids: ['a', 'b', '2', 'a', 'b', 'c', 'd'], calls: 4 });
  });

  it('walks again when a row vanished and the one behind it was skipped', async () => {
    const before = (call: number, ids: string[]) => (call === 2 ? ids.filter((id) => id !== 'a') : ids);
    const { ids } = await readAll({ ids: ['a', 'b', 'c', 'd', 'e'], before });
    expect(ids.slice(0, 4)).toEqual(['a', 'b', 'd', 'e']);
    expect(ids.slice(4)).toEqual(['b', 'c', 'd', 'e']);
  });

  it('would end without the row that was skipped if nothing were counted (mutation)', async () => {
    const before = (call: number, ids: string[]) => (call === 2 ? ids.filter((id) => id !== 'a') : ids);
    const { ids } = await readAll({ ids: ['a', 'b', 'c', 'd', 'e'], before, claimed: 4 });
    expect(ids).toEqual(['a', 'b', 'd', 'e']);
  });

  it('fails with a retryable error when rows vanish at every reading', async () => {
    const before = (call: number, ids: string[]) => (call > 1 ? ids.slice(1) : ids);
    const reading = readAll({ ids: [...'abcdefghijklmnopqrstuvwxyz'], before });
    await expect(reading).rejects.toMatchObject({ code: 'SOURCE_UNSTABLE_PAGES', recovery: 'retry' });
  });

  it('accepts a count that two walks missed by the same number', async () => {
    const read = await readAll({ ids: ['a', 'b'], before: unchanged, uncounted: 1 });
    expect(read).toEqual({ ids: ['a', 'b', 'a', 'b'], calls: 2 });
  });

  it('goes on where an interrupted walk stopped', async () => {
    const read = await readAll({ ids: ['a', 'b', 'c', 'd', 'e'], before: unchanged, firstPage: 2 });
    expect(read).toEqual({ ids: ['c', 'd', 'e'], calls: 2 });
  });
});

describe('a page that was asked for ahead', () => {
  /** Page 3 is read before page 2, and a row is added between the two. */
  const overtaken = async (countOf: (rows: number) => number) => {
    let ids = [...'abcdef'];
    let calls = 0;
    const third = Promise.withResolvers<void>();
    const http = clientOf(async ({ query }) => {
      const page = Number(query?.['page']);
      calls += 1;
      if (calls === 2) {
        await third.promise;
        ids = [...ids, 'bb'].sort();
      }
      const rows = ids.slice(page * 2 - 2, page * 2).map((ThingID) => ({ ThingID }));
      if (page === 3) third.resolve();
      return { pagination: { pageCount: Math.ceil(ids.length / 2), itemCount: countOf(ids.length) }, Things: rows };
    });
    const seen = new Set<unknown>();
    for await (const { rows } of readPages(contextOf(http), THINGS)) for (const row of rows) seen.add(row['ThingID']);
    return { seen: [...seen], calls };
  };

  it('and is older than the page before it is asked for again: no row falls between them', async () => {
    expect(await overtaken((rows) => rows)).toEqual({ seen: [...'ab', 'bb', ...'cde', 'f'], calls: 5 });
  });

  it('would lose the row between them if the count were not compared (mutation)', async () => {
    const { seen } = await overtaken(() => 6);
    expect(seen).toEqual(['a', 'b', 'bb', ...'cef']);
  });

  it('leaves no failure behind when the read ends before it', async () => {
    let calls = 0;
    const http = clientOf(async ({ query }) => {
      calls += 1;
      if (Number(query?.['page']) > 1) throw new Error('gone');
      return { pagination: { pageCount: 9, itemCount: 18 }, Things: [{ ThingID: 'a' }, { ThingID: 'b' }] };
    });
    for await (const { page } of readPages(contextOf(http), THINGS)) if (page === 1) break;
    expect(calls).toBe(1 + PAGES_AHEAD_MAX);
  });

  it('is none where a condition lets rows leave the list', async () => {
    let calls = 0;
    const http = clientOf(async () => {
      calls += 1;
      return { pagination: { pageCount: 9, itemCount: 18 }, Things: [{ ThingID: String(calls) }] };
    });
    const list = { ...THINGS.list, query: { where: 'Status=="AUTHORISED"' } };
    for await (const { page } of readPages(contextOf(http), { ...THINGS, list })) if (page === 2) break;
    expect(calls).toBe(2);
  });
});

it('ends a read whose pages bring nothing new and never end', async () => {
  const rows = [{ ThingID: 'a' }, { ThingID: 'b' }];
  const http = clientOf(async () => ({ pagination: { pageCount: 1_000_000, itemCount: 2_000_000 }, Things: rows }));
  const reading = async () => {
    for await (const _page of readPages(contextOf(http), THINGS));
  };
  await expect(reading()).rejects.toMatchObject({ code: 'SOURCE_ENDLESS_PAGES', recovery: 'fail' });
});

describe('a list without a pagination object', () => {
  const walk = async (pages: string[][]) => {
    const http = clientOf(async ({ query }) => ({
      Things: (pages[Number(query?.['page']) - 1] ?? pages.at(-1) ?? []).map((ThingID) => ({ ThingID })),
    }));
    const ids: unknown[] = [];
    for await (const { rows } of readPages(contextOf(http), THINGS)) ids.push(...rows.map((row) => row['ThingID']));
    return ids;
  };
  const rows = (count: number, first = 0) => Array.from({ length: count }, (_, row) => String(first + row));

  it('is read on while a page is full', async () => {
    expect(await walk([rows(100), rows(100, 100), rows(3, 200)])).toHaveLength(203);
    expect(await walk([rows(99)])).toHaveLength(99);
    expect(await walk([rows(100), []])).toHaveLength(100);
  });

  it('ends when the list ignores the page and shows the same rows for ever', async () => {
    expect(await walk([rows(150)])).toHaveLength(300);
  });
});
