import type { JsonObject } from '@pipeline/singer';
import { readInCreatedOrder } from '../src/created-order.ts';
import { readInCreatedWindows } from '../src/created-windows.ts';
import { secondOf } from '../src/instant.ts';
import { FakeRows } from './fake-rows.ts';

const END = secondOf('2026-01-02T00:00:00Z');

async function idsOf(pages: AsyncIterable<JsonObject[]>): Promise<unknown[]> {
  const ids: unknown[] = [];
  for await (const rows of pages) ids.push(...rows.map((row) => row['id']));
  return ids;
}

const readers = {
  readInCreatedOrder: (rows: FakeRows) => readInCreatedOrder(rows.getPage, END),
  readInCreatedWindows: (rows: FakeRows) => readInCreatedWindows(rows.getPage, END, 'nextPageToken'),
};

describe.each(Object.entries(readers))('%s', (_, read) => {
  it.each([0, 1, 999, 1_000, 1_001, 2_500])('reads %i rows once each', async (count) => {
    const rows = new FakeRows(count, (number) => END - 1 - number * 60);
    expect((await idsOf(read(rows))).sort()).toEqual(rows.ids().sort());
  });

  it('leaves out rows created at the end or later', async () => {
    const rows = new FakeRows(3, (number) => END - 1 + number);
    expect(await idsOf(read(rows))).toEqual(['0']);
  });

  it('misses no row when rows of pages already read go away', async () => {
    const rows = new FakeRows(3_000, (number) => END - 3_000 * 60 + number * 60);
    rows.beforePage = () => {
      for (let removed = 0; removed < 5; removed += 1) rows.removeFirst();
    };
    const ids = new Set(await idsOf(read(rows)));
    expect(rows.ids().filter((id) => !ids.has(id))).toEqual([]);
  });

  it('misses no row of a second that is larger than a page when rows of it go away', async () => {
    const rows = new FakeRows(2_600, (number) => END - (number < 2_500 ? 5_000 : 100));
    rows.beforePage = (page) => {
      if (page < 6) rows.removeFirst();
    };
    const ids = new Set(await idsOf(read(rows)));
    expect(rows.ids().filter((id) => !ids.has(id))).toEqual([]);
  });

  it('ends at an empty page that carries a token', async () => {
    const rows = new FakeRows(0, () => END);
    rows.tokenOnEmptyPages = true;
    expect(await idsOf(read(rows))).toEqual([]);
  });

  it('gives up a second whose rows differ at every reading', async () => {
    const rows = new FakeRows(1_500, () => END - 10);
    rows.beforePage = () => rows.renumber();
    await expect(idsOf(read(rows))).rejects.toMatchObject({ code: 'WRIKE_UNSTABLE_PAGES', recovery: 'retry' });
  });
});
