import type { JsonObject } from '@pipeline/singer';
import { pageWithRows } from './empty-page.ts';
import { rangeFilter, type Seconds } from './instant.ts';
import { type GetPage, idOf, incomplete, isCut, PAGE_SIZE, type Page, type Query } from './page.ts';
import { followTokens, readSecond } from './same-second.ts';

/** Wrike was founded in 2006: nothing is older. */
export const OLDEST: Seconds = Date.UTC(2006, 0, 1) / 1000;
/** A window is made for so much of a page, because rows are not spread evenly. */
const FILL = 0.8;
const GROWTH_MAX = 8;
/** After so many seconds that show fewer rows than they count, the count is taken for one of rows that the user may not see. */
const HIDDEN_MAX = 3;

export interface Windows {
  /** `createdDate`, `updatedDate`, `eventDate`. */
  filter: string;
  start: Seconds;
  end: Seconds;
  /** The longest range that the endpoint takes, in seconds. @default no limit, and the first window is open to the past */
  widthMax?: number;
  /** How the endpoint is told how many rows to return. @default `{ pageSize: 1000 }` */
  size?: Query;
  /** @default nextPageToken */
  tokenParameter?: string;
  /** Most rows of one window. A window of more than a page is read by page tokens, and proven by its counts: only for rows that none joins while
   *  they are read. @default one page */
  rowsMax?: number;
  /** Called when the API counts more rows than it shows. */
  onHidden?: () => void;
}

/** Reads rows where the API offers no order: in windows of time, each so short that one response holds all of it. A response is a moment's
 *  truth, so nothing is skipped between pages, whatever page tokens mean. A response that names a next page, is exactly full, or has
 *  fewer rows than it announces is cut, and its window is halved. */
export async function* readInWindows(getPage: GetPage, options: Windows): AsyncGenerator<JsonObject[]> {
  const { filter, end, widthMax = Number.POSITIVE_INFINITY, size = { pageSize: PAGE_SIZE } } = options;
  const { tokenParameter = 'nextPageToken', onHidden = () => undefined } = options;
  let { start, rowsMax = PAGE_SIZE } = options;
  let width = Math.min(widthMax, end - start);
  let hidden = 0;
  while (start < end) {
    const stop = Math.min(start + width, end);
    const isOpen = start === OLDEST && widthMax === Number.POSITIVE_INFINITY;
    const query = { ...size, [filter]: rangeFilter({ start: isOpen ? undefined : start, end: stop }) };
    const page = await pageWithRows(getPage, query, tokenParameter);
    if (isLong(page, rowsMax)) {
      if (yield* readByTokens(getPage, query, { first: page, tokenParameter })) {
        start = stop;
        width = Math.min(widthMax, Math.ceil(width * growth(page.total ?? 0, rowsMax)));
      }
      // Rows go away while they are read: from here on, each response must hold its whole window.
      else rowsMax = PAGE_SIZE;
      continue;
    }
    // A page that a token brought says nothing of what lies before it.
    const known: Page = hidden < HIDDEN_MAX || page.followed ? page : { ...page, total: undefined };
    const isShort = isCut(known) || (page.followed && page.total !== page.rows.length && page.rows.length > 0);
    if (isShort && stop - start > 1) {
      width = Math.max(1, Math.floor((stop - start) * shrinkage(page, rowsMax)));
      continue;
    }
    if (!isShort) yield page.rows;
    else if (page.token !== undefined) yield* readSecond(getPage, start, { filter, tokenParameter });
    else if (page.rows.length < PAGE_SIZE) {
      hidden += 1;
      onHidden();
      yield page.rows;
    } else if (page.total === page.rows.length) yield page.rows;
    else throw incomplete(`one second holds ${page.rows.length} rows or more, and the API names no further page`);
    start = stop;
    width = Math.min(widthMax, Math.ceil(width * growth(page.rows.length, rowsMax)));
  }
}

/** Whether the window holds several pages, not too many, and its counts can prove them. */
function isLong(page: Page & { followed: boolean }, rowsMax: number): boolean {
  const { rows, token, total = 0, followed } = page;
  return rowsMax > PAGE_SIZE && !followed && token !== undefined && total > rows.length && total <= rowsMax;
}

/** Reads a window page by page. When no row joins it and every page announces as many rows as the first did, none has gone, so no page began too late.
 *  @returns whether all that was announced has come; if not, what came is not all */
async function* readByTokens(
  getPage: GetPage,
  query: Query,
  { first, tokenParameter }: { first: Page; tokenParameter: string },
): AsyncGenerator<JsonObject[], boolean> {
  const seen = new Set(first.rows.map(idOf));
  yield first.rows;
  // The last page may carry a token too: when all have come, none is asked for any more.
  const tokens = { tokenParameter, list: 'a long window', from: first.token };
  for await (const { rows, total } of followTokens(getPage, query, tokens)) {
    if (total !== first.total) return false;
    for (const row of rows) seen.add(idOf(row));
    yield rows;
    if (seen.size === first.total) return true;
  }
  return false;
}

function shrinkage({ total }: Page, rowsMax: number): number {
  return total === undefined || total <= rowsMax ? 0.5 : Math.min(0.5, (FILL * rowsMax) / total);
}

function growth(rows: number, rowsMax: number): number {
  return Math.min(GROWTH_MAX, (FILL * rowsMax) / Math.max(1, rows));
}
