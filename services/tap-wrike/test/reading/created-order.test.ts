import type { JsonObject } from '@pipeline/singer';
import { readInCreatedOrder } from '../../src/reading/created-order.ts';
import { rangeFilter, secondOf } from '../../src/reading/instant.ts';
import { followTokens } from '../../src/reading/same-second.ts';
import { OLDEST, readInWindows } from '../../src/reading/windows.ts';
import { FakeRows } from './fake-rows.ts';

const END = secondOf('2026-01-02T00:00:00Z');

async function idsOf(pages: AsyncIterable<JsonObject[]>): Promise<unknown[]> {
  const ids: unknown[] = [];
  for await (const rows of pages) ids.push(...rows.map((row) => row['id']));
  return ids;
}

const readers = {
  readInCreatedOrder: (rows: FakeRows) => readInCreatedOrder(rows.getPage, END),
  readInWindows: (rows: FakeRows) => readInWindows(rows.getPage, { filter: 'createdDate', start: OLDEST, end: END }),
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

  it('ends when page after page is empty, though each carries a token', async () => {
    const rows = new FakeRows(0, () => END);
    rows.tokenOnEmptyPages = true;
    expect(await idsOf(read(rows))).toEqual([]);
  });

  it('asks again when a page is empty and carries a token', async () => {
    const rows = new FakeRows(2, (number) => END - 10 - number);
    rows.emptyFirst = 1;
    expect((await idsOf(read(rows))).sort()).toEqual(rows.ids().sort());
  });

  it('follows the token when the page stays empty', async () => {
    const rows = new FakeRows(2, (number) => END - 10 - number);
    rows.emptyFirst = 2;
    expect((await idsOf(read(rows))).sort()).toEqual(rows.ids().sort());
  });

  it('takes a full page without a token for cut', async () => {
    const rows = new FakeRows(2_500, (number) => END - 1 - number * 60);
    rows.hasTokens = false;
    rows.hasTotals = false;
    expect((await idsOf(read(rows))).sort()).toEqual(rows.ids().sort());
  });

  it('takes a page with fewer rows than it announces for cut', async () => {
    const rows = new FakeRows(250, (number) => END - 1 - number * 60);
    rows.hasTokens = false;
    rows.pageMax = 100;
    expect((await idsOf(read(rows))).sort()).toEqual(rows.ids().sort());
  });

  it('goes on without rows that are counted but hidden', async () => {
    const rows = new FakeRows(30, (number) => END - 1 - number * 3_600);
    rows.hide('7');
    expect((await idsOf(read(rows))).sort()).toEqual(rows.ids().sort());
  });

  it('fails for a second that is cut and cannot be parted', async () => {
    const rows = new FakeRows(1_500, () => END - 10);
    rows.hasTokens = false;
    await expect(idsOf(read(rows))).rejects.toMatchObject({ code: 'WRIKE_INCOMPLETE', recovery: 'retry' });
  });

  it('gives up a second whose rows differ at every reading', async () => {
    const rows = new FakeRows(1_500, () => END - 10);
    rows.beforePage = () => rows.renumber();
    await expect(idsOf(read(rows))).rejects.toMatchObject({ code: 'WRIKE_UNSTABLE_PAGES', recovery: 'retry' });
  });
});

describe('pages that are followed by their tokens alone', () => {
  it('lose rows when rows of pages already read go away (mutation)', async () => {
    const rows = new FakeRows(3_000, (number) => END - 3_000 * 60 + number * 60);
    rows.beforePage = () => {
      for (let removed = 0; removed < 5; removed += 1) rows.removeFirst();
    };
    const query = { createdDate: rangeFilter({ end: END }), pageSize: 1_000 };
    const ids = new Set<unknown>();
    for await (const page of followTokens(rows.getPage, query, 'nextPageToken')) {
      for (const row of page.rows) ids.add(row['id']);
    }
    expect(rows.ids().filter((id) => !ids.has(id))).not.toEqual([]);
  });
});
