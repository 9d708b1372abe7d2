import { PipelineError } from '@pipeline/contracts';
import type { JsonObject } from '@pipeline/singer';
import type { HttpClient } from '@pipeline/tap-kit';
import { INVALID_PARAMETER, NOT_FOUND } from '../client.ts';
import { getPage, idOf, type Query } from './page.ts';

/** Most ids that one path may name. The reference of 2026 says 1,000 for some endpoints, older pages say 100 for all. */
const IDS_MAX = 100;
/** What can be mended by asking for fewer: too many ids, one that is forbidden, one that is gone. */
const DIVISIBLE = new Set([INVALID_PARAMETER, NOT_FOUND, 'SOURCE_FORBIDDEN']);

export interface ByIds {
  /** `/tasks/` */
  prefix: string;
  /** What follows the ids. @default nothing */
  suffix?: string;
  query?: Query;
}

/** Rows by their ids, a hundred at a time. Ids that are gone or hidden are left out by the API without a word, or refuse the whole request;
 *  then it is cut in halves until only they are missing.
 *  @returns pages of rows with the ids that no row came for. */
export async function* readByIds(
  http: HttpClient,
  ids: readonly string[],
  { prefix, suffix = '', query = {} }: ByIds,
): AsyncGenerator<{ rows: JsonObject[]; missing: string[] }> {
  const waiting = chunks([...new Set(ids)], IDS_MAX).reverse();
  for (let some = waiting.pop(); some !== undefined; some = waiting.pop()) {
    try {
      const path = `${prefix}${some.map(encodeURIComponent).join(',')}${suffix}`;
      const { rows } = await getPage(http, path, query);
      const found = new Set(rows.map(idOf));
      yield { rows, missing: some.filter((id) => !found.has(id)) };
    } catch (error) {
      if (!(error instanceof PipelineError) || !DIVISIBLE.has(error.code)) throw error;
      if (some.length === 1) yield { rows: [], missing: some };
      else waiting.push(some.slice(Math.ceil(some.length / 2)), some.slice(0, Math.ceil(some.length / 2)));
    }
  }
}

export function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
