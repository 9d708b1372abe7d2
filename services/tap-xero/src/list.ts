import { PipelineError } from '@pipeline/contracts';
import { isJsonObject, type Json, type JsonObject } from '@pipeline/singer';
import type { HttpClient, HttpRequest } from '@pipeline/tap-kit';
import { z } from 'zod';

export interface ListRequest {
  /** `Invoices`: path, and name of the list in the answer. */
  name: string;
  query?: HttpRequest['query'];
  /** As `If-Modified-Since` wants it. */
  modifiedSince?: string | undefined;
}

export interface ListAnswer {
  rows: JsonObject[];
  /** Present if a page was asked for, unless nothing was modified. */
  pagination: Pagination | undefined;
}

const Pagination = z.object({ pageCount: z.int().min(0), itemCount: z.int().min(0) });
type Pagination = z.infer<typeof Pagination>;

/** Asks for a list once. No rows when nothing was modified (304).
 *  @throws PipelineError `XERO_ANSWER_INVALID` when the answer has another form than documented. */
export async function fetchList(
  http: HttpClient,
  { name, query = {}, modifiedSince }: ListRequest,
  listName = name,
): Promise<ListAnswer> {
  const headers = modifiedSince === undefined ? {} : { 'If-Modified-Since': modifiedSince };
  const answer = await http.json({ path: `api.xro/2.0/${name}`, query, headers });
  if (answer === null) return { rows: [], pagination: undefined };
  const rows = isJsonObject(answer) ? answer[listName] : undefined;
  if (!isJsonObject(answer) || !Array.isArray(rows) || !rows.every(isRow)) throw invalid(name);
  const pagination = Pagination.safeParse(answer['pagination']);
  if (query['page'] !== undefined && !pagination.success) throw invalid(name);
  return { rows, pagination: pagination.data };
}

function isRow(value: Json): value is JsonObject {
  return isJsonObject(value);
}

function invalid(name: string): PipelineError {
  return new PipelineError({
    code: 'XERO_ANSWER_INVALID',
    recovery: 'fail',
    message: `Xero's answer for ${name} does not have its documented form`,
  });
}
