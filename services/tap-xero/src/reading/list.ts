import { isJsonObject, type Json, type JsonObject } from '@pipeline/singer';
import { type HttpRequest, malformedResponse, type ReadContext } from '@pipeline/tap-kit';
import { z } from 'zod';
import { budgetOf } from '../budget/call-budget.ts';
import { egressOf } from '../budget/egress.ts';
import type { Settings } from '../settings.ts';
import type { Tenant } from './tenants.ts';

/** What a read needs of its context. */
export type Reading = Pick<ReadContext<Settings>, 'http' | 'signal' | 'cached' | 'settings'>;

export interface ListRequest {
  /** `Invoices`: path below `api.xro/2.0`. */
  path: string;
  /** Name of the list in the response. @default the path */
  listName?: string;
  query?: HttpRequest['query'];
  /** As `If-Modified-Since` wants it. */
  modifiedSince?: string | undefined;
}

export interface ListResponse {
  rows: JsonObject[];
  /** Undefined: Xero says nothing of it, because nothing was modified or because it did not understand the page. */
  pagination: Pagination | undefined;
}

const Pagination = z.object({ pageCount: z.int().min(0), itemCount: z.int().min(0) });
type Pagination = z.infer<typeof Pagination>;

/** Requests a list once. No rows when nothing was modified (304).
 *  @throws PipelineError `SOURCE_MALFORMED_RESPONSE` when the response has another form than documented. */
export async function fetchList(context: Reading, tenant: Tenant, request: ListRequest): Promise<ListResponse> {
  const { path, listName = path, query = {}, modifiedSince } = request;
  context.signal.throwIfAborted();
  const since = modifiedSince === undefined ? {} : { 'If-Modified-Since': modifiedSince };
  const headers = { ...tenant.headers, ...since };
  const response = await context.http.response({ path: `api.xro/2.0/${path}`, query, headers });
  (await budgetOf(context)).learn(tenant.id, response);
  (await egressOf(context)).receive(tenant.id, response.bytes ?? 0);
  if (response.status === 304) return { rows: [], pagination: undefined };
  const { json } = response;
  const rows = isJsonObject(json) ? json[listName] : undefined;
  if (!isJsonObject(json) || !Array.isArray(rows) || !rows.every(isRow))
    throw malformedResponse(path, `has no list ${listName} of rows`);
  return { rows, pagination: Pagination.safeParse(json['pagination']).data };
}

function isRow(value: Json): value is JsonObject {
  return isJsonObject(value);
}
