import { PipelineError } from '@pipeline/contracts';
import type { JsonObject } from '@pipeline/singer';
import { rangeFilter, type Seconds } from './instant.ts';
import { type GetPage, idOf, PAGE_SIZE, type Page, type Query } from './page.ts';

/** A million rows in one second is more than any import makes. */
const PAGES_MAX = 1_000;
const PASSES_MAX = 6;

/** Rows that were created in one second and don't fit one page: imports and blueprints make such. No filter is finer, so only
 *  page tokens can tell them apart, and what a token remembers is not documented: when a row goes away, the next page may begin one
 *  too late. So the second is read again until a pass brings nothing new.
 *  @throws PipelineError `WRIKE_UNSTABLE_PAGES` when that does not happen. */
export async function* readSecond(
  getPage: GetPage,
  second: Seconds,
  options: { query?: Query; tokenParameter: string },
): AsyncGenerator<JsonObject[]> {
  const createdDate = rangeFilter({ start: second, end: second + 1 });
  const query = { ...options.query, createdDate, pageSize: PAGE_SIZE };
  const seen = new Set<string>();
  for (let pass = 1; pass <= PASSES_MAX; pass += 1) {
    const before = seen.size;
    for await (const { rows } of followTokens(getPage, query, options.tokenParameter)) {
      const fresh = rows.filter((row) => !seen.has(idOf(row)));
      for (const row of fresh) seen.add(idOf(row));
      yield fresh;
    }
    if (seen.size === before) return;
  }
  throw unstable(`the rows created at one second differ after ${PASSES_MAX} readings`);
}

/** All pages of one query. The parameters are sent each time, since a token may not carry them; a token that repeats is no end, an empty page is. */
export async function* followTokens(getPage: GetPage, query: Query, tokenParameter: string): AsyncGenerator<Page> {
  let token: string | undefined;
  for (let count = 1; count <= PAGES_MAX; count += 1) {
    const page = await getPage({ ...query, [tokenParameter]: token });
    yield page;
    token = page.token;
    if (token === undefined || page.rows.length === 0) return;
  }
  throw unstable(`the answer has not ended after ${PAGES_MAX} pages`);
}

function unstable(message: string): PipelineError {
  return new PipelineError({ code: 'WRIKE_UNSTABLE_PAGES', recovery: 'retry', message });
}
