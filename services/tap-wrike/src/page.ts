import { PipelineError } from '@pipeline/contracts';
import { isJsonObject, type Json, type JsonObject } from '@pipeline/singer';
import type { HttpClient, HttpRequest } from '@pipeline/tap-kit';

/** Most rows of one page that the API gives. */
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

/** One answer of the API, out of its envelope. @throws PipelineError `WRIKE_BAD_ANSWER` */
export async function getPage(http: HttpClient, path: string, query: Query = {}): Promise<Page> {
  const body = await http.json({ path, query });
  const data = isJsonObject(body) ? body['data'] : undefined;
  if (!isJsonObject(body) || !Array.isArray(data) || !data.every(isRow)) {
    throw new PipelineError({
      code: 'WRIKE_BAD_ANSWER',
      recovery: 'retry',
      message: `the answer of ${path} is not what the API documents: it has no "data" with rows`,
    });
  }
  const { nextPageToken: token, responseSize: total } = body;
  return {
    rows: data,
    token: typeof token === 'string' && token !== '' ? token : undefined,
    total: typeof total === 'number' ? total : undefined,
  };
}

export function idOf(row: JsonObject): string {
  return typeof row['id'] === 'string' ? row['id'] : '';
}

function isRow(value: Json): value is JsonObject {
  return isJsonObject(value) && typeof value['id'] === 'string';
}
