import { randomUUID } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import type { Books } from '../company/books.ts';
import { writeOrganisation } from '../company/organisation.ts';
import { accountsResource } from './accounts-resource.ts';
import { bankTransactionsResource } from './bank-transactions-resource.ts';
import { contactsResource } from './contacts-resource.ts';
import { detailRoutes } from './detail-routes.ts';
import { documentResource } from './document-resource.ts';
import { ApiFailure, inefficientQuery, notFound, unauthorised } from './failure.ts';
import { invoicesResource } from './invoices-resource.ts';
import { journalRoutes } from './journals-routes.ts';
import { MatchingRows, modifiedSince, type Query } from './matching-rows.ts';
import { paymentsResource } from './payments-resource.ts';
import { reportRoutes } from './report-routes.ts';
import type { Resource, Writing } from './resource.ts';

const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1_000;

/** Most rows in one response without paging. */
const UNPAGED_ROWS_MAX = 10_000;

export interface DataOptions {
  /** The organisation that a request names. */
  booksOf: (response: Response) => Books;
  /** Any organisation: which endpoints there are does not depend on it. */
  example: Books;
  now: () => number;
  /** Told of parameters that the real API knows or ignores and this one does not imitate. */
  notImitated: (what: string) => void;
}

/** The endpoints below `/api.xro/2.0`. */
export function dataRouter(options: DataOptions): Router {
  const { booksOf, now } = options;
  const router = express.Router();
  const known = (request: Request, names: readonly string[]): void => {
    for (const name of Object.keys(textQuery(request))) {
      if (!names.includes(name)) options.notImitated(`GET ${request.path}: parameter ${name}`);
    }
  };
  const send = (response: Response, content: Record<string, unknown>) => sendList(response, now(), content);
  // The documentation spells it in the singular, clients in either way.
  router.get(['/Organisation', '/Organisations'], (request, response) => {
    requireScope(response, ['accounting.settings']);
    known(request, []);
    send(response, { Organisations: [writeOrganisation(booksOf(response).organisation)] });
  });
  journalRoutes(router, { booksOf, requireScope, sendList: send, known });
  reportRoutes(router, { booksOf, now, requireScope, sendList: send, known });
  const endpoint = <Item>(name: string, make: (books: Books) => Resource<Item>): void => {
    const resources = new WeakMap<Books, MatchingRows<Item>>();
    const matchingRowsOf = (response: Response): MatchingRows<Item> => {
      const books = booksOf(response);
      const matching = resources.get(books) ?? new MatchingRows(make(books));
      resources.set(books, matching);
      return matching;
    };
    list(router, name, matchingRowsOf, { now, known });
    detailRoutes(router, name, {
      resourceOf: (response) => matchingRowsOf(response).resource,
      requireScope,
      sendList: send,
    });
  };
  endpoint('Accounts', accountsResource);
  endpoint('Contacts', (books) => contactsResource(books, now));
  endpoint('Invoices', invoicesResource);
  endpoint('Payments', paymentsResource);
  endpoint('BankTransactions', bankTransactionsResource);
  for (const name of options.example.documents.keys())
    endpoint(name, (books) => documentResource(documentsOf(books, name)));
  router.use((request) => {
    options.notImitated(`${request.method} ${request.path}`);
    throw notFound();
  });
  return router;
}

function documentsOf(books: Books, name: string) {
  const documents = books.documents.get(name);
  if (documents === undefined) throw new RangeError(`no ${name}`);
  return documents;
}

interface ListDeps {
  now: () => number;
  known: (request: Request, names: readonly string[]) => void;
}

function list<Item>(
  router: Router,
  name: string,
  matchingRowsOf: (response: Response) => MatchingRows<Item>,
  { now, known }: ListDeps,
): void {
  router.get(`/${name}`, (request, response) => {
    const matching = matchingRowsOf(response);
    const { resource } = matching;
    requireScope(response, resource.scopes);
    const query = textQuery(request);
    known(request, [...resource.parameters, ...PAGING[resource.paging]]);
    const since = resource.hasModifiedSince ? modifiedSince(request.header('If-Modified-Since')) : undefined;
    const rows = matching.rows(query, since);
    const isPage = query['page'] !== undefined || resource.isPagingEnforced === true;
    if (resource.paging !== 'whole' && isPage) return sendPage(response, now(), resource, rows, query);
    if (resource.paging === 'whole' && since !== undefined && rows.length === 0) return void response.status(304).end();
    if (rows.length > UNPAGED_ROWS_MAX) throw inefficientQuery(resource.typeName);
    const shown = resource.paging === 'hundreds' ? rows.slice(0, PAGE_SIZE_DEFAULT) : rows;
    const writing = writingOf(query, resource.paging !== 'pages');
    return sendList(response, now(), { [name]: shown.map((row) => resource.write(row, writing)) });
  });
  router.get(`/${name}/:id`, (request, response) => {
    const { resource } = matchingRowsOf(response);
    requireScope(response, resource.scopes);
    known(request, [...resource.parameters, 'unitdp']);
    const { id } = request.params;
    const row = resource.collection.rowOf(id) ?? resource.rowOfNumber?.(id);
    if (row === undefined || resource.isGone?.(resource.collection.get(row))) throw notFound();
    const writing = { ...writingOf({ ...textQuery(request), summaryOnly: 'false' }, true), isSingle: true };
    sendList(response, now(), { [name]: [resource.write(row, writing)] });
  });
}

const PAGING = { pages: ['page', 'pageSize'], hundreds: ['page'], whole: [] };

function sendPage<Item>(
  response: Response,
  now: number,
  resource: Resource<Item>,
  rows: readonly number[],
  query: Query,
): void {
  const hasEnvelope = resource.paging === 'pages';
  const page = wholeNumber(query, 'page', 1, Number.MAX_SAFE_INTEGER, 1);
  const pageSize = hasEnvelope
    ? wholeNumber(query, 'pageSize', 1, PAGE_SIZE_MAX, PAGE_SIZE_DEFAULT)
    : PAGE_SIZE_DEFAULT;
  const pagination = { page, pageSize, pageCount: Math.ceil(rows.length / pageSize), itemCount: rows.length };
  const writing = writingOf(query, true);
  const shown = rows.slice((page - 1) * pageSize, page * pageSize).map((row) => resource.write(row, writing));
  sendList(response, now, { ...(hasEnvelope ? { pagination } : {}), [resource.name]: shown });
}

function sendList(response: Response, now: number, content: Record<string, unknown>): void {
  // Xero's default is XML. The sandbox serves none, but a client that forgot to ask for JSON notices.
  if (response.req.accepts(['application/xml', 'application/json']) !== 'application/json') {
    response.type('application/xml').send('<Response><Status>OK</Status></Response>');
    return;
  }
  const envelope = { Id: randomUUID(), Status: 'OK', ProviderName: 'Sandbox', DateTimeUTC: `/Date(${now})/` };
  response.json({ ...envelope, ...content });
}

function writingOf(query: Query, hasLines: boolean): Writing {
  const isSummary = query['summaryOnly']?.toLowerCase() === 'true';
  return { unitPlaces: query['unitdp'] === '4' ? 4 : 2, hasLines, isSummary, isSingle: false };
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
