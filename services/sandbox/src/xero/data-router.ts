import { randomUUID } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import { accountsResource } from './accounts-resource.ts';
import { bankTransactionsResource } from './bank-transactions-resource.ts';
import type { Books } from './books.ts';
import { contactsResource } from './contacts-resource.ts';
import { ApiFailure, inefficientQuery, notFound, unauthorised } from './failure.ts';
import { invoicesResource } from './invoices-resource.ts';
import { writeOrganisation } from './organisation.ts';
import { paymentsResource } from './payments-resource.ts';
import type { Resource, Writing } from './resource.ts';
import { modifiedSince, type Query, Selections } from './selection.ts';

const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1_000;

/** Most rows in one answer without paging. */
const UNPAGED_ROWS_MAX = 10_000;

/** The endpoints below `/api.xro/2.0`. */
export function dataRouter(books: Books, now: () => number): Router {
  const router = express.Router();
  router.get('/Organisation', (_request, response) => {
    requireScope(response, ['accounting.settings']);
    sendList(response, now(), { Organisations: [writeOrganisation(books.organisation)] });
  });
  list(router, accountsResource(books), now);
  list(router, contactsResource(books, now), now);
  list(router, invoicesResource(books), now);
  list(router, paymentsResource(books), now);
  list(router, bankTransactionsResource(books), now);
  router.use(() => {
    throw notFound();
  });
  return router;
}

function list<Item>(router: Router, resource: Resource<Item>, now: () => number): void {
  const selections = new Selections(resource);
  router.get(`/${resource.name}`, (request, response) => {
    requireScope(response, resource.scopes);
    const query = textQuery(request);
    const since = modifiedSince(request.header('If-Modified-Since'));
    const rows = selections.rows(query, since);
    if (resource.isPaged && query['page'] !== undefined) return sendPage(response, now(), resource, rows, query);
    if (!resource.isPaged && since !== undefined && rows.length === 0) return void response.status(304).end();
    if (rows.length > UNPAGED_ROWS_MAX) throw inefficientQuery(resource.typeName);
    const writing = writingOf(query, !resource.isPaged);
    return sendList(response, now(), { [resource.name]: rows.map((row) => resource.write(row, writing)) });
  });
  router.get(`/${resource.name}/:id`, (request, response) => {
    requireScope(response, resource.scopes);
    const row = resource.collection.rowOf(request.params.id);
    if (row === undefined) throw notFound();
    const writing = writingOf({ ...textQuery(request), summaryOnly: 'false' }, true);
    sendList(response, now(), { [resource.name]: [resource.write(row, writing)] });
  });
}

function sendPage<Item>(
  response: Response,
  now: number,
  resource: Resource<Item>,
  rows: readonly number[],
  query: Query,
): void {
  const page = wholeNumber(query, 'page', 1, Number.MAX_SAFE_INTEGER, 1);
  const pageSize = wholeNumber(query, 'pageSize', 1, PAGE_SIZE_MAX, PAGE_SIZE_DEFAULT);
  const pagination = { page, pageSize, pageCount: Math.ceil(rows.length / pageSize), itemCount: rows.length };
  const writing = writingOf(query, true);
  const shown = rows.slice((page - 1) * pageSize, page * pageSize).map((row) => resource.write(row, writing));
  sendList(response, now, { pagination, [resource.name]: shown });
}

function sendList(response: Response, now: number, content: Record<string, unknown>): void {
  // Xero's default is XML. The sandbox has none to give, but a client that forgot to ask for JSON notices.
  if (response.req.accepts(['application/xml', 'application/json']) !== 'application/json') {
    response.type('application/xml').send('<Response><Status>OK</Status></Response>');
    return;
  }
  const envelope = { Id: randomUUID(), Status: 'OK', ProviderName: 'Sandbox', DateTimeUTC: `/Date(${now})/` };
  response.json({ ...envelope, ...content });
}

function writingOf(query: Query, hasLines: boolean): Writing {
  const isSummary = query['summaryOnly']?.toLowerCase() === 'true';
  return { unitPlaces: query['unitdp'] === '4' ? 4 : 2, hasLines, isSummary };
}

/** @throws ApiFailure 401 */
function requireScope(response: Response, scopes: readonly string[]): void {
  const granted: unknown = response.locals['scopes'];
  const isGranted = (scope: string) => Array.isArray(granted) && granted.includes(scope);
  if (!scopes.some((scope) => isGranted(scope) || isGranted(`${scope}.read`))) {
    throw unauthorised('AuthorizationUnsuccessful');
  }
}

/** Parameters given once; of repeated ones the last counts. */
function textQuery(request: Request): Query {
  return Object.fromEntries(new URL(request.url, 'http://sandbox').searchParams);
}

function wholeNumber(query: Query, name: string, min: number, max: number, otherwise: number): number {
  const text = query[name];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const message = `The ${name} parameter must be a whole number from ${min}`;
  throw new ApiFailure(400, { ErrorNumber: 10, Type: 'ValidationException', Message: message, Elements: [] });
}
