import type { JsonObject } from '@pipeline/singer';
import { rangeFilter, type Seconds, secondOf } from './instant.ts';
import { type GetPage, idOf, PAGE_SIZE } from './page.ts';
import { readSecond } from './same-second.ts';

const ORDER = { sortField: 'CreatedDate', sortOrder: 'Asc' };

/** Reads rows created before `end` in the order of their creation, which nothing changes. Each page begins at the last second of the
 *  one before, not at its token: a row that goes away while we read cannot push another over the edge of a page. */
export async function* readInCreatedOrder(getPage: GetPage, end: Seconds): AsyncGenerator<JsonObject[]> {
  let start: Seconds | undefined;
  let seen = new Set<string>();
  while (start === undefined || start < end) {
    const page = await getPage({ ...ORDER, createdDate: rangeFilter({ start, end }), pageSize: PAGE_SIZE });
    yield page.rows.filter((row) => !seen.has(idOf(row)));
    const last = createdSecond(page.rows.at(-1));
    if (page.token === undefined || last === undefined) return;
    if (last === start) {
      yield* readSecond(getPage, last, { query: ORDER, tokenParameter: 'nextPageToken' });
      start = last + 1;
      seen = new Set();
    } else {
      start = last;
      seen = new Set(page.rows.filter((row) => createdSecond(row) === last).map(idOf));
    }
  }
}

function createdSecond(row: JsonObject | undefined): Seconds | undefined {
  const created = row?.['createdDate'];
  return typeof created === 'string' ? secondOf(created) : undefined;
}
