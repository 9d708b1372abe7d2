import type { JsonObject } from '@pipeline/singer';
import { pagesGuard } from '@pipeline/tap-kit';
import { pageWithRows } from './empty-page.ts';
import { Gap, type Order, type Walk } from './gap.ts';
import { createdSecond, rangeFilter, type Seconds } from './instant.ts';
import { inLanes } from './lanes.ts';
import { type GetPage, idOf, incomplete, isCut, PAGE_SIZE, type Page } from './page.ts';
import { followTokens, readSecond } from './same-second.ts';

const TOKEN_PARAMETER = 'nextPageToken';
/** Requests under way at once. A page of whole tasks takes seconds at Wrike, and one after the other would use a tenth of the rate. */
const LANES = 4;

const orderOf = (sortOrder: Order) => ({ sortField: 'CreatedDate', sortOrder });

/** Reads rows created before `end` by the time of their creation, which nothing changes, several pages at once. Each page begins at the last
 *  second of the one before, not at its token: a row that goes away while we read cannot push another over the edge of a page. It ends only
 *  when every second was in a page that holds all that it announces.
 *  @param onHidden called when the API counts more rows than it shows: those that the user may not see. */
export function readInCreatedOrder(
  getPage: GetPage,
  end: Seconds,
  onHidden: () => void = () => undefined,
): AsyncGenerator<JsonObject[]> {
  const gaps = [new Gap({ start: undefined, end })];
  const next = (): AsyncGenerator<JsonObject[]> | undefined => {
    const walk = nextWalk(gaps);
    return walk && pagesOf(walk, getPage, onHidden);
  };
  return inLanes(LANES, next);
}

/** Where another walk helps most: in the gap that has most rows left, which is parted when it has two. */
function nextWalk(gaps: Gap[]): Walk | undefined {
  const largestFirst = gaps.filter(({ isOpen }) => isOpen).sort((a, b) => b.left - a.left);
  for (const gap of largestFirst) {
    const walk = gap.walk();
    if (walk !== undefined) return walk;
  }
  for (const gap of largestFirst) {
    const later = gap.split();
    if (later === undefined) continue;
    gaps.push(later);
    return gap.walk() ?? later.walk();
  }
  return undefined;
}

async function* pagesOf(walk: Walk, getPage: GetPage, onHidden: () => void): AsyncGenerator<JsonObject[]> {
  const { order } = walk;
  const guard = pagesGuard('rows by their creation');
  try {
    for (let count = 1; walk.gap.needs(walk); count += 1) {
      const asked = walk.gap.span;
      const query = { ...orderOf(order), createdDate: rangeFilter(asked), pageSize: PAGE_SIZE };
      const page = await pageWithRows(getPage, query, TOKEN_PARAMETER);
      const last = createdSecond(page.rows.at(-1));
      const fresh = walk.gap.fresh(page.rows);
      if (page.followed || last === undefined || !isCut(page)) {
        walk.gap.close();
        yield fresh;
        if (page.followed) yield* restOf(getPage, query, page);
        return;
      }
      // A source that does not heed the span sends the same rows for ever.
      guard({ next: String(count), ids: fresh.map(idOf) });
      walk.gap.narrow(order, asked, page, last);
      yield fresh;
      if (createdSecond(page.rows[0]) !== last) continue;
      if (page.token !== undefined || page.rows.length >= PAGE_SIZE) {
        yield* restOfSecond(getPage, last, order, page.rows);
        walk.gap.pass(order, last);
      } else if (last === (order === 'Asc' ? asked.start : asked.end - 1)) {
        // Asked for this second, the API announces more than it shows.
        onHidden();
        walk.gap.close();
      }
    }
  } finally {
    walk.gap.leave(walk);
  }
}

/** A page that holds one second only, and not all of it. The page from its other end brings the rest, if the two add up; else only tokens do. */
async function* restOfSecond(
  getPage: GetPage,
  second: Seconds,
  order: Order,
  rows: readonly JsonObject[],
): AsyncGenerator<JsonObject[]> {
  const createdDate = rangeFilter({ start: second, end: second + 1 });
  const opposite = orderOf(order === 'Asc' ? 'Desc' : 'Asc');
  const page = await pageWithRows(getPage, { ...opposite, createdDate, pageSize: PAGE_SIZE }, TOKEN_PARAMETER);
  const seen = new Set(rows.map(idOf));
  const fresh = page.rows.filter((row) => !seen.has(idOf(row)));
  yield fresh;
  if (!page.followed && seen.size + fresh.length === page.total) return;
  yield* readSecond(getPage, second, {
    query: orderOf('Asc'),
    filter: 'createdDate',
    tokenParameter: TOKEN_PARAMETER,
  });
}

/** After a page that only a token brought, tokens are all there is to go by: the rows must add up. */
async function* restOf(getPage: GetPage, query: Parameters<GetPage>[0], first: Page): AsyncGenerator<JsonObject[]> {
  const seen = new Set(first.rows.map(idOf));
  if (first.token !== undefined) {
    const { token: from } = first;
    const list = 'rows after pages without rows';
    for await (const page of followTokens(getPage, query, { tokenParameter: TOKEN_PARAMETER, list, from })) {
      yield page.rows.filter((row) => !seen.has(idOf(row)));
      for (const row of page.rows) seen.add(idOf(row));
    }
  }
  if (first.total !== undefined && seen.size < first.total) {
    throw incomplete(`the API announced ${first.total} rows and ${seen.size} came, after pages without rows`);
  }
}
