import { PipelineError } from '@pipeline/protocol';
import type { JsonObject } from '@pipeline/singer';
import { pagesGuard } from '@pipeline/tap-kit';
import { fetchList, type ListRequest, type ListResponse, type Reading } from './list.ts';
import { PagesAhead } from './pages-ahead.ts';
import type { Tenant } from './tenants.ts';

/** The largest page that Xero returns: calls are scarcer than bytes. */
const PAGE_SIZE = 1_000;

/** Rows of a page where Xero does not let one choose. A page with so many may have a next one. */
const PAGE_SIZE_FIXED = 100;

/** How often a list that shifts under the reader is read again before the attempt fails. */
const WALKS_MAX = 3;

/** More pages than a day has calls. */
const PAGES_MAX = 10_000;

/** A list that Xero returns in pages. */
export interface PagedList {
  /** `Invoices`: path, and name of the list in the response. */
  name: string;
  /** The property that identifies an object and never changes. */
  id: string;
  /** What the list wants besides page and order. */
  query?: ListRequest['query'];
  /** False: no `pageSize` and no envelope (Quotes, LinkedTransactions). @default true */
  hasPageSize?: boolean;
  /** False: the list cannot be ordered. @default true */
  hasOrder?: boolean;
}

export interface Page {
  rows: JsonObject[];
  /** Number of the page, from 1. */
  page: number;
  hasNext: boolean;
}

export interface PagesRequest {
  tenant: Tenant;
  list: PagedList;
  modifiedSince: string | undefined;
  /** Where an interrupted walk goes on. @default 1 */
  firstPage?: number;
}

/** Reads a list that changes meanwhile, and loses nothing of what was there from the start.
 *
 *  Pages are cut by position, so what matters is that no row moves to an earlier one. The order is by id, which never changes, and the lower
 *  bound stays fixed, so a changed row keeps its place, a new one only pushes others towards pages that are still to come, and some rows come
 *  twice. A new row on a page already read is not seen; it is newer than the start of the read, so the next read brings it. Rows of the start
 *  would be skipped only if one before them vanished. Xero keeps what was deleted; should a row vanish all the same, fewer rows are
 *  seen than were there at the start, or the count falls, and the list is walked again.
 *  @throws PipelineError `SOURCE_UNSTABLE_PAGES` */
export async function* readPages(context: Reading, request: PagesRequest): AsyncGenerator<Page, void> {
  let before: Walk | undefined;
  for (let walk = 1; walk <= WALKS_MAX; walk += 1) {
    const firstPage = walk === 1 ? (request.firstPage ?? 1) : 1;
    const done = yield* walkPages(context, { ...request, firstPage });
    // The rows of the pages before were counted by the read that was interrupted.
    if (firstPage > 1 && !done.hasShrunk) return;
    // A count that two walks missed alike is no loss: Xero then counts rows that it does not show.
    const isAgreed = before !== undefined && before.seen === done.seen && before.expected === done.expected;
    const isUnordered = request.list.hasOrder === false && done.pages > 1 && before === undefined;
    if (!done.hasShrunk && !isUnordered && (done.seen >= done.expected || isAgreed)) return;
    before = done;
  }
  if (request.list.hasOrder === false) return;
  throw new PipelineError({
    code: 'SOURCE_UNSTABLE_PAGES',
    recovery: 'retry',
    message: `rows vanished from Xero's ${request.list.name} while they were read, ${WALKS_MAX} times in a row: the next attempt reads them again`,
  });
}

interface Walk {
  /** Distinct rows. */
  seen: number;
  /** Rows that Xero counted at the start, as far as it says. */
  expected: number;
  /** A row vanished on the way. */
  hasShrunk: boolean;
  pages: number;
}

async function* walkPages(context: Reading, request: PagesRequest): AsyncGenerator<Page, Walk> {
  const { list, firstPage = 1 } = request;
  const ahead = await PagesAhead.of(context, (page) => fetchPage(context, request, page));
  const guard = pagesGuard(list.name);
  const seen = new Set<unknown>();
  const walk: Walk = { seen: 0, expected: 0, hasShrunk: false, pages: 0 };
  let count = 0;
  try {
    for (let page = firstPage; page < firstPage + PAGES_MAX; page += 1) {
      const { rows, pagination } = await ahead.take(page, count);
      const known = seen.size;
      for (const row of rows) seen.add(row[list.id]);
      if (page === firstPage) walk.expected = pagination?.itemCount ?? 0;
      walk.hasShrunk ||= pagination !== undefined && pagination.itemCount < count;
      count = pagination?.itemCount ?? count;
      walk.pages += 1;
      // A list that ignores the page shows the same rows for ever, and counts none.
      const hasNext =
        pagination === undefined
          ? rows.length >= PAGE_SIZE_FIXED && seen.size > known
          : page < pagination.pageCount && rows.length > 0;
      guard({ next: hasNext ? String(page + 1) : undefined, ids: rows.map((row) => String(row[list.id])) });
      if (hasNext && pagination !== undefined && onlyGrows(list)) ahead.ask(page + 1, pagination.pageCount);
      if (rows.length > 0) yield { rows, page, hasNext };
      if (!hasNext) break;
    }
  } finally {
    await ahead.close();
  }
  return { ...walk, seen: seen.size };
}

function fetchPage(
  context: Reading,
  { tenant, list, modifiedSince }: PagesRequest,
  page: number,
): Promise<ListResponse> {
  const query = { ...list.query, ...pageQuery(list, page) };
  return fetchList(context, tenant, { path: list.name, query, modifiedSince });
}

/** Xero keeps what was deleted, so a list in the order of ids only grows, unless a condition lets rows leave it. */
function onlyGrows({ query, hasOrder }: PagedList): boolean {
  return hasOrder !== false && query?.['where'] === undefined;
}

function pageQuery(list: PagedList, page: number): ListRequest['query'] {
  return {
    page,
    ...(list.hasPageSize === false ? {} : { pageSize: PAGE_SIZE }),
    ...(list.hasOrder === false ? {} : { order: `${list.id} ASC` }),
  };
}
