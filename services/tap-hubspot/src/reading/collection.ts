import { isJsonObject, type JsonObject } from '@pipeline/singer';
import { type HttpClient, pagesGuard } from '@pipeline/tap-kit';
import { z } from 'zod';
import { nextCursor, Paging, parseResponse } from './response.ts';

const Collection = z.object({
  results: z.array(z.custom<JsonObject>((item) => isJsonObject(item as JsonObject))),
  paging: Paging,
});

/** The pages of a collection that is not one of CRM objects.
 *  @throws PipelineError `SOURCE_ENDLESS_PAGES` when the cursors lead in a circle, or on and on to what was there before */
export async function* collectionPages(
  http: HttpClient,
  path: string,
  query: Record<string, string | number | boolean> = {},
): AsyncGenerator<JsonObject[]> {
  const guard = pagesGuard(path);
  let after: string | undefined;
  for (;;) {
    const { results, paging } = parseResponse(Collection, await http.json({ path, query: { ...query, after } }), path);
    yield results;
    after = nextCursor(paging, after, path);
    guard({ next: after, ids: results.map((result) => JSON.stringify(result['id'] ?? result)) });
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
