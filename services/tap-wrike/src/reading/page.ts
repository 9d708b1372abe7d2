import { PipelineError } from '@pipeline/protocol';
import { isJsonObject, type Json, type JsonObject } from '@pipeline/singer';
import { type HttpClient, type HttpRequest, malformedResponse } from '@pipeline/tap-kit';

/** Most rows of one page that the API returns. */
export const PAGE_SIZE = 1_000;

export type Query = NonNullable<HttpRequest['query']>;

export interface Page {
  rows: JsonObject[];
  /** Absent on the last page. */
  token: string | undefined;
  /** All matches of the query, also those on other pages and those the user may not see. */
  total: number | undefined;
}

/** Asks for one page with the parameters it takes: those of paging and filtering beside those of the endpoint. */
export type GetPage = (query: Query) => Promise<Page>;

interface PageOptions {
  /** The kind of rows that must come. @default any but a tree */
  kind?: string;
  /** Whether each row has an id. @default true */
  hasIds?: boolean;
  triesMax?: number;
}

/** One response of the API, out of its envelope.
 *  @throws PipelineError `SOURCE_MALFORMED_RESPONSE` when there are no rows in it, or rows of another kind: a tree of folders has neither
 *  dates nor custom fields, and must never pass for the folders themselves. */
export async function getPage(
  http: HttpClient,
  path: string,
  query: Query = {},
  options: PageOptions = {},
): Promise<Page> {
  const { kind, hasIds = true, triesMax } = options;
  const body = await http.json({ path, query, ...(triesMax !== undefined && { triesMax }) });
  const data = isJsonObject(body) ? body['data'] : undefined;
  const isRow = hasIds ? hasId : isJsonObject;
  if (!isJsonObject(body) || !Array.isArray(data) || !data.every(isRow))
    throw malformedResponse(path, 'has no "data" with rows');
  const { nextPageToken: token, responseSize: total } = body;
  const given = typeof body['kind'] === 'string' ? body['kind'] : 'none';
  if (kind === undefined ? given === TREE : given !== kind) {
    throw malformedResponse(path, `is of the kind ${given}${kind === undefined ? '' : ` instead of ${kind}`}`);
  }
  return {
    rows: data,
    token: typeof token === 'string' && token !== '' ? token : undefined,
    total: typeof total === 'number' ? total : undefined,
  };
}

export const TREE = 'folderTree';

/** Whether rows may be missing from the page: it names a next one, it is exactly full (some endpoints are cut without a word), or it has
 *  fewer rows than it announces. */
export function isCut({ rows, token, total }: Page): boolean {
  return token !== undefined || rows.length >= PAGE_SIZE || (total !== undefined && total > rows.length);
}

export function idOf(row: JsonObject): string {
  return typeof row['id'] === 'string' ? row['id'] : '';
}

function hasId(value: Json): value is JsonObject {
  return isJsonObject(value) && typeof value['id'] === 'string';
}

/** @returns an error for rows that cannot be read to their end. */
export function incomplete(message: string): PipelineError {
  return new PipelineError({ code: 'WRIKE_INCOMPLETE', recovery: 'retry', message });
}
