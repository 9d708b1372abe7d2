import { setImmediate } from 'node:timers/promises';
import { readInCreatedOrder } from '../../src/reading/created-order.ts';
import { rangeFilter, secondOf } from '../../src/reading/instant.ts';
import type { GetPage } from '../../src/reading/page.ts';
import { followTokens } from '../../src/reading/same-second.ts';
import { OLDEST, readInWindows } from '../../src/reading/windows.ts';
import { FakeRows, idsOf } from './fake-rows.ts';

const END = secondOf('2026-01-02T00:00:00Z');

const readers = {
  readInCreatedOrder: (rows: FakeRows) => readInCreatedOrder(rows.getPage, END),
  readInWindows: (rows: FakeRows) => readInWindows(rows.getPage, { filter: 'createdDate', start: OLDEST, end: END }),
  'readInWindows, long ones': (rows: FakeRows) =>
    readInWindows(rows.getPage, { filter: 'createdDate', start: OLDEST, end: END, rowsMax: 2_000 }),
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
    const rows = new FakeRows(2_500, () => END - 10);
    rows.hasTokens = false;
    await expect(idsOf(read(rows))).rejects.toMatchObject({ code: 'WRIKE_INCOMPLETE', recovery: 'retry' });
  });

  it('skips a second whose rows differ at every reading', async () => {
    const rows = new FakeRows(2_500, () => END - 10);
    rows.beforePage = () => rows.renumber();
    await expect(idsOf(read(rows))).rejects.toMatchObject({ code: 'SOURCE_UNSTABLE_PAGES', recovery: 'retry' });
  });
});

describe('readInCreatedOrder', () => {
  // Evenly, and nearly all of them in the last tenth of the time.
  it.each([
    ['evenly', 2, (number: number) => END - 1 - number * 600],
    [
      'unevenly',
      6,
      (number: number) => END - 1 - (number < 38_000 ? number * 60 : 2_280_000 + (number - 38_000) * 9_000),
    ],
  ])(
    'reads 40,000 rows that came %s four pages at a time, with hardly a request more than there are pages',
    async (_, extraMax, at) => {
      const rows = new FakeRows(40_000, at);
      const pages: Promise<unknown>[] = [];
      let [running, most, busy] = [0, 0, 0];
      const getPage: GetPage = async (query) => {
        running += 1;
        most = Math.max(most, running);
        busy += running;
        await setImmediate();
        const page = rows.getPage(query);
        pages.push(page);
        running -= 1;
        return page;
      };
      const ids = await idsOf(readInCreatedOrder(getPage, END));
      expect(new Set(ids).size).toBe(40_000);
      expect(ids).toHaveLength(40_000);
      expect(pages.length).toBeLessThanOrEqual(40 + extraMax);
      expect([most, busy / pages.length > 2]).toEqual([4, true]);
    },
  );

  it('reads a second of an import from both ends, in as many requests as it has pages', async () => {
    const rows = new FakeRows(1_800, () => END - 10);
    let requests = 0;
    rows.beforePage = () => {
      requests += 1;
    };
    expect((await idsOf(readInCreatedOrder(rows.getPage, END))).sort()).toEqual(rows.ids().sort());
    // The third finds nothing after it.
    expect(requests).toBe(3);
  });

  it('fails with its first failure and leaves no request behind', async () => {
    const rows = new FakeRows(20_000, (number) => END - 1 - number * 600);
    let running = 0;
    const getPage: GetPage = async (query) => {
      running += 1;
      await setImmediate();
      running -= 1;
      if (query['sortOrder'] === 'Desc') throw new Error('gone');
      return rows.getPage(query);
    };
    await expect(idsOf(readInCreatedOrder(getPage, END))).rejects.toThrow('gone');
    expect(running).toBe(0);
  });
});

describe('readInWindows', () => {
  const requestsFor = async (rows: FakeRows, rowsMax: number) => {
    let requests = 0;
    rows.beforePage = () => {
      requests += 1;
    };
    const pages = readInWindows(rows.getPage, { filter: 'createdDate', start: OLDEST, end: END, rowsMax });
    const ids = await idsOf(pages);
    expect([new Set(ids).size, ids.length]).toEqual([rows.ids().length, rows.ids().length]);
    return requests;
  };

  it.each([
    ['50,000 rows in as many requests as they have pages', 50_000, 100_000, 50],
    ['more rows than one window may hold, with some to find its windows', 50_000, 20_000, 90],
  ])('reads %s', async (_, count, rowsMax, requestsMax) => {
    // An import of 1,500 rows, the others over a month.
    const rows = new FakeRows(count, (number) => END - 2_600_000 + (number < 1_500 ? 0 : number * 50));
    expect(await requestsFor(rows, rowsMax)).toBeLessThanOrEqual(requestsMax);
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
    for await (const page of followTokens(rows.getPage, query, { tokenParameter: 'nextPageToken', list: '/tasks' })) {
      for (const row of page.rows) ids.add(row['id']);
    }
    expect(rows.ids().filter((id) => !ids.has(id))).not.toEqual([]);
  });
});

describe('pages that name each other in a circle', () => {
  it('end the read with an error', async () => {
    let asked = 0;
    const circle: GetPage = async () => {
      asked += 1;
      return { rows: [{ id: String(asked % 2) }], token: asked % 2 === 0 ? 'one' : 'two', total: undefined };
    };
    const pages = followTokens(circle, {}, { tokenParameter: 'nextPageToken', list: '/folders' });
    const read = async () => {
      for await (const page of pages) expect(page.rows).toHaveLength(1);
    };
    await expect(read()).rejects.toMatchObject({ code: 'SOURCE_ENDLESS_PAGES' });
  });
});

describe('what the readers take for cut', () => {
  const byTokens = (rows: FakeRows) =>
    followTokens(
      rows.getPage,
      { createdDate: rangeFilter({ end: END }), pageSize: 1_000 },
      {
        ...{ tokenParameter: 'nextPageToken', list: '/tasks' },
      },
    );
  const count = async (rows: FakeRows) => {
    let read = 0;
    for await (const page of byTokens(rows)) read += page.rows.length;
    return read;
  };

  it('would be missed behind a full page if only a token counted (mutation)', async () => {
    const rows = new FakeRows(2_500, (number) => END - 1 - number * 60);
    rows.hasTokens = false;
    expect(await count(rows)).toBe(1_000);
  });

  it('would be missed behind a page with fewer rows than it announces if only a token counted (mutation)', async () => {
    const rows = new FakeRows(250, (number) => END - 1 - number * 60);
    rows.hasTokens = false;
    rows.pageMax = 100;
    expect(await count(rows)).toBe(100);
  });

  it('would be missed behind an empty page if its token were not followed (mutation)', async () => {
    const rows = new FakeRows(2, (number) => END - 10 - number);
    rows.emptyFirst = 2;
    const withoutToken: GetPage = async (query) => {
      const page = await rows.getPage(query);
      return page.rows.length === 0 ? { ...page, token: undefined } : page;
    };
    expect(await idsOf(readInCreatedOrder(withoutToken, END))).toEqual([]);
  });
});
