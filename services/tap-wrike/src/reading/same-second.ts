import { PipelineError } from '@pipeline/protocol';
import type { JsonObject } from '@pipeline/singer';
import { pagesGuard } from '@pipeline/tap-kit';
import { formatInstant, rangeFilter, type Seconds } from './instant.ts';
import { type GetPage, idOf, incomplete, PAGE_SIZE, type Page, type Query } from './page.ts';

/** A million rows in one second is more than any import makes. */
const PAGES_MAX = 1_000;
const PASSES_MAX = 6;
const EMPTY_PAGES_MAX = 5;

/** Rows of one second that don't fit one page: imports and blueprints make such. No filter is finer, so only page tokens can tell them apart,
 *  and what a token remembers is not documented: when a row goes away, the next page may begin one too late. So the second is read
 *  again until a pass brings nothing new.
 *  @throws PipelineError `SOURCE_UNSTABLE_PAGES` when that does not happen, `WRIKE_INCOMPLETE` when there are no tokens to follow. */
export async function* readSecond(
  getPage: GetPage,
  second: Seconds,
  options: { query?: Query; filter: string; tokenParameter: string },
): AsyncGenerator<JsonObject[]> {
  const query = {
    ...options.query,
    [options.filter]: rangeFilter({ start: second, end: second + 1 }),
    pageSize: PAGE_SIZE,
  };
  const list = `rows of ${formatInstant(second)}`;
  const seen = new Set<string>();
  for (let pass = 1; pass <= PASSES_MAX; pass += 1) {
    const before = seen.size;
    for await (const page of followTokens(getPage, query, { tokenParameter: options.tokenParameter, list })) {
      const fresh = page.rows.filter((row) => !seen.has(idOf(row)));
      for (const row of fresh) seen.add(idOf(row));
      yield fresh;
      if (isCutForGood(page, seen.size)) {
        throw incomplete(
          `one second holds ${page.total ?? 'more than'} ${seen.size} rows, and the API names no further page`,
        );
      }
    }
    if (seen.size === before) return;
  }
  throw unstable(`the rows of one second differ after ${PASSES_MAX} readings`);
}

/** All pages of one query. The parameters are sent each time, since a token may not carry them. A token that stays the same is no end, and a page
 *  without rows is none as long as a few further ones have not been asked for.
 *  @param list what is read, for errors
 *  @param from the token to begin with. @default the first page
 *  @throws PipelineError `SOURCE_ENDLESS_PAGES` when an earlier token comes again after another one, or nothing new comes for long */
export async function* followTokens(
  getPage: GetPage,
  query: Query,
  { tokenParameter, list, from }: { tokenParameter: string; list: string; from?: string | undefined },
): AsyncGenerator<Page> {
  const guard = pagesGuard(list);
  let token = from;
  let empty = 0;
  for (let count = 1; count <= PAGES_MAX; count += 1) {
    const page = await getPage({ ...query, [tokenParameter]: token });
    yield page;
    const isSame = page.token !== undefined && page.token === token;
    guard({ next: isSame ? `${page.token}, page ${count}` : page.token, ids: page.rows.map(idOf) });
    token = page.token;
    empty = page.rows.length === 0 ? empty + 1 : 0;
    if (token === undefined || empty > EMPTY_PAGES_MAX) return;
  }
  throw unstable(`the response has not ended after ${PAGES_MAX} pages`);
}

/** A full page, no token, and no count that says it is all. */
function isCutForGood({ rows, token, total }: Page, seen: number): boolean {
  return token === undefined && rows.length >= PAGE_SIZE && (total === undefined || total > seen);
}

function unstable(message: string): PipelineError {
  return new PipelineError({ code: 'SOURCE_UNSTABLE_PAGES', recovery: 'retry', message });
}
