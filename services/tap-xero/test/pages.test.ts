import { clientOf } from '@pipeline/tap-kit/testing';
import { readPages } from '../src/reading/pages.ts';
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

  it('gives up, to be tried again later, when rows vanish in every walk', async () => {
    const before = (call: number, ids: string[]) => (call > 1 ? ids.slice(1) : ids);
    const reading = readAll({ ids: [...'abcdefghijklmnopqrstuvwxyz'], before });
    await expect(reading).rejects.toMatchObject({ code: 'XERO_LIST_UNSTABLE', recovery: 'retry' });
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
