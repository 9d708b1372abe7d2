import type { JsonObject } from '@pipeline/singer';
import { pageWithRows } from './empty-page.ts';
import { rangeFilter, type Seconds, secondOf } from './instant.ts';
import { type GetPage, idOf, incomplete, isCut, PAGE_SIZE, type Page } from './page.ts';
import { followTokens, readSecond } from './same-second.ts';

const ORDER = { sortField: 'CreatedDate', sortOrder: 'Asc' };
const TOKEN_PARAMETER = 'nextPageToken';

/** Reads rows created before `end` in the order of their creation, which nothing changes. Each page begins at the last second of the
 *  one before, not at its token: a row that goes away while we read cannot push another over the edge of a page. It ends only when a page
 *  holds all that it announces.
 *  @param onHidden called when the API counts more rows than it shows: those that the user may not see. */
export async function* readInCreatedOrder(
  getPage: GetPage,
  end: Seconds,
  onHidden: () => void = () => undefined,
): AsyncGenerator<JsonObject[]> {
  let start: Seconds | undefined;
  let seen = new Set<string>();
  while (start === undefined || start < end) {
    const query = { ...ORDER, createdDate: rangeFilter({ start, end }), pageSize: PAGE_SIZE };
    const page = await pageWithRows(getPage, query, TOKEN_PARAMETER);
    const fresh = page.rows.filter((row) => !seen.has(idOf(row)));
    yield fresh;
    if (page.followed) return yield* restOf(getPage, query, page);
    const last = createdSecond(page.rows.at(-1));
    if (last === undefined || !isCut(page)) return;
    if (last !== start) {
      start = last;
      seen = new Set(page.rows.filter((row) => createdSecond(row) === last).map(idOf));
      continue;
    }
    if (page.token === undefined && page.rows.length < PAGE_SIZE) return onHidden();
    yield* readSecond(getPage, last, { query: ORDER, filter: 'createdDate', tokenParameter: TOKEN_PARAMETER });
    start = last + 1;
    seen = new Set();
  }
}

/** After a page that only a token brought, tokens are all there is to go by: the rows must add up. */
async function* restOf(getPage: GetPage, query: Parameters<GetPage>[0], first: Page): AsyncGenerator<JsonObject[]> {
  const seen = new Set(first.rows.map(idOf));
  if (first.token !== undefined) {
    for await (const page of followTokens(getPage, { ...query, [TOKEN_PARAMETER]: first.token }, TOKEN_PARAMETER)) {
      yield page.rows.filter((row) => !seen.has(idOf(row)));
      for (const row of page.rows) seen.add(idOf(row));
    }
  }
  if (first.total !== undefined && seen.size < first.total) {
    throw incomplete(`the API announced ${first.total} rows and gave ${seen.size}, after pages without rows`);
  }
}

function createdSecond(row: JsonObject | undefined): Seconds | undefined {
  const created = row?.['createdDate'];
  return typeof created === 'string' ? secondOf(created) : undefined;
}
