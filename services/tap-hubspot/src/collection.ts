import { isJsonObject, type JsonObject } from '@pipeline/singer';
import type { HttpClient } from '@pipeline/tap-kit';
import { z } from 'zod';
import { nextCursor, Paging, parseResponse } from './response.ts';

/** Pages of one collection. Beyond this a cursor leads nowhere. */
const PAGES_MAX = 100_000;

const Collection = z.object({
  results: z.array(z.custom<JsonObject>((item) => isJsonObject(item as JsonObject))),
  paging: Paging,
});

/** The pages of a collection that is not one of CRM objects.
 *  @throws PipelineError */
export async function* collectionPages(
  http: HttpClient,
  path: string,
  query: Record<string, string | number | boolean> = {},
): AsyncGenerator<JsonObject[]> {
  let after: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const { results, paging } = parseResponse(Collection, await http.json({ path, query: { ...query, after } }), path);
    yield results;
    after = nextCursor(paging, after, path);
    if (after === undefined) return;
  }
}

/** An instant as milliseconds or as text. Null: neither. */
export function instantOf(value: unknown): string | null {
  const ms =
    typeof value === 'number' || (typeof value === 'string' && /^\d{13}$/.test(value)) ? Number(value) : undefined;
  if (ms !== undefined) return new Date(ms).toISOString();
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
}

/** The text of a field that has to be there. Empty: it is not. */
export function textField(record: JsonObject, name: string): string {
  const value = record[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
