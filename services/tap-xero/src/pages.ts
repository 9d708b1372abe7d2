import { PipelineError } from '@pipeline/contracts';
import type { JsonObject } from '@pipeline/singer';
import type { ReadContext } from '@pipeline/tap-kit';
import { fetchList, type ListRequest } from './list.ts';
import type { XeroSettings } from './settings.ts';

/** The largest page that Xero gives: calls are scarcer than bytes. */
const PAGE_SIZE = 1_000;

/** How often a list that shifts under the reader is walked before the attempt gives up. */
const WALKS_MAX = 3;

/** More pages than a day has calls. */
const PAGES_MAX = 10_000;

/** A list that Xero answers in pages. */
export interface PagedList {
  /** `Invoices`: path, and name of the list in the answer. */
  name: string;
  /** The property that identifies an object and never changes. */
  id: string;
  /** What the list wants besides page and order. */
  query?: ListRequest['query'];
}

type Context = Pick<ReadContext<XeroSettings>, 'http' | 'signal'>;

/** Reads a list that changes meanwhile, and loses nothing of what was there from the start.
 *
 *  Pages are cut by position, so what matters is that no row moves to an earlier one. The order is by id, which never changes, and the lower
 *  bound stays fixed, so a changed row keeps its place, a new one only pushes others towards pages that are still to come, and some rows come
 *  twice. A new row on a page already read is not seen; it is newer than the start of the read, so the next read brings it. Rows of the start
 *  would be skipped only if one before them vanished. Xero keeps what was deleted; should a row vanish all the same, fewer rows are
 *  seen than were there at the start, or the count falls, and the list is walked again.
 *  @throws PipelineError `XERO_LIST_UNSTABLE` */
export async function* readPages(
  context: Context,
  list: PagedList,
  modifiedSince: string | undefined,
): AsyncGenerator<JsonObject[], void> {
  let before: Walk | undefined;
  for (let walk = 1; walk <= WALKS_MAX; walk += 1) {
    const done = yield* walkPages(context, list, modifiedSince);
    // A count that two walks missed alike is no loss: Xero then counts rows that it does not show.
    const isAgreed = before !== undefined && before.seen === done.seen && before.expected === done.expected;
    if (!done.hasShrunk && (done.seen >= done.expected || isAgreed)) return;
    before = done;
  }
  throw new PipelineError({
    code: 'XERO_LIST_UNSTABLE',
    recovery: 'retry',
    message: `rows vanished from Xero's ${list.name} while they were read, ${WALKS_MAX} times in a row: the next attempt reads them again`,
  });
}

interface Walk {
  /** Distinct rows. */
  seen: number;
  /** Rows that Xero counted at the start. */
  expected: number;
  /** A row vanished on the way. */
  hasShrunk: boolean;
}

async function* walkPages(
  context: Context,
  list: PagedList,
  modifiedSince: string | undefined,
): AsyncGenerator<JsonObject[], Walk> {
  const seen = new Set<unknown>();
  let expected: number | undefined;
  let count = 0;
  let hasShrunk = false;
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    context.signal.throwIfAborted();
    const query = { ...list.query, page, pageSize: PAGE_SIZE, order: `${list.id} ASC` };
    const { rows, pagination } = await fetchList(context.http, { name: list.name, query, modifiedSince });
    for (const row of rows) seen.add(row[list.id]);
    if (rows.length > 0) yield rows;
    if (pagination === undefined) break;
    expected ??= pagination.itemCount;
    hasShrunk ||= pagination.itemCount < count;
    count = pagination.itemCount;
    if (rows.length === 0 || page >= pagination.pageCount) break;
  }
  return { seen: seen.size, expected: expected ?? 0, hasShrunk };
}
