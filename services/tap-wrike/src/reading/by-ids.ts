import { PipelineError } from '@pipeline/protocol';
import type { JsonObject } from '@pipeline/singer';
import { type HttpClient, inParallel, partsOf } from '@pipeline/tap-kit';
import { INVALID_PARAMETER, NOT_FOUND } from '../client.ts';
import { getPage, idOf, type Query } from './page.ts';

/** Most ids that one path may name. The reference of 2026 says 1,000 for some endpoints, older pages say 100 for all. */
export const IDS_MAX = 100;
/** What can be mended by asking for fewer: too many ids, one that is forbidden, one that is gone. */
const DIVISIBLE = new Set([INVALID_PARAMETER, NOT_FOUND, 'SOURCE_FORBIDDEN']);
/** Requests whose rows wait in memory together. */
const REQUESTS_TOGETHER = 4;

export interface ByIds {
  /** `/tasks/` */
  prefix: string;
  /** What follows the ids. @default nothing */
  suffix?: string;
  query?: Query;
}

export interface Found {
  rows: JsonObject[];
  /** Ids that no row came for. */
  missing: string[];
}

/** Rows by their ids, a hundred a request, several requests at a time. Ids that are gone or hidden are left out by the API without a word, or
 *  refuse the whole request; then it is cut in halves until only they are missing. */
export async function* readByIds(http: HttpClient, ids: readonly string[], form: ByIds): AsyncGenerator<Found> {
  const parts = partsOf([...new Set(ids)], IDS_MAX);
  for (const some of partsOf(parts, REQUESTS_TOGETHER)) {
    for (const found of await inParallel(some, (part) => readPart(http, part, form))) yield found;
  }
}

async function readPart(http: HttpClient, ids: readonly string[], form: ByIds): Promise<Found> {
  const { prefix, suffix = '', query = {} } = form;
  try {
    const { rows } = await getPage(http, `${prefix}${ids.map(encodeURIComponent).join(',')}${suffix}`, query);
    const found = new Set(rows.map(idOf));
    return { rows, missing: ids.filter((id) => !found.has(id)) };
  } catch (error) {
    if (!(error instanceof PipelineError) || !DIVISIBLE.has(error.code)) throw error;
    if (ids.length === 1) return { rows: [], missing: [...ids] };
    const halves: Found[] = [];
    for (const half of partsOf(ids, Math.ceil(ids.length / 2))) halves.push(await readPart(http, half, form));
    return { rows: halves.flatMap(({ rows }) => rows), missing: halves.flatMap(({ missing }) => missing) };
  }
}
