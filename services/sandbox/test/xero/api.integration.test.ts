import { createServer, type Server } from 'node:http';
import express from 'express';
import { z } from 'zod';
import { Random } from '../../src/random.ts';
import type { SourceApi } from '../../src/source-api.ts';
import { createXeroApi } from '../../src/xero/api/api.ts';
import { List, TokenBody } from './response-schemas.ts';

const MINUTE_MS = 60_000;
const BASIC = `Basic ${Buffer.from('xero-sandbox-client:xero-sandbox-secret').toString('base64')}`;

let now: number;
let api: SourceApi;
let server: Server;
let base: string;

beforeEach(async () => {
  now = Date.UTC(2026, 5, 15, 12);
  api = createXeroApi({ deals: 200, random: new Random(1), now: () => now, rateLimitFactor: 1 });
  server = createServer(express().disable('etag').use(api.router));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});

afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

async function token(form: Record<string, string>, authorization = BASIC) {
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(form).toString();
  const response = await fetch(`${base}/connect/token`, { method: 'POST', headers, body });
  return { status: response.status, body: TokenBody.parse(await response.json()) };
}

const refresh = (refresh_token: string) => token({ grant_type: 'refresh_token', refresh_token });

async function connect(): Promise<Record<string, string>> {
  const { body } = await refresh('xero-sandbox-refresh-token');
  const authorization = `Bearer ${body.access_token}`;
  const response = await fetch(`${base}/connections`, { headers: { authorization } });
  const [connection] = z.array(z.object({ tenantId: z.string() })).parse(await response.json());
  return { authorization, accept: 'application/json', 'xero-tenant-id': connection?.tenantId ?? '' };
}

const get = (path: string, headers: Record<string, string>) => fetch(`${base}/api.xro/2.0/${path}`, { headers });

async function list(path: string, headers: Record<string, string>) {
  const response = await get(path, headers);
  expect(response.status).toBe(200);
  return List.parse(await response.json());
}

describe('the token endpoint', () => {
  it('wants the client, a known grant and a live refresh token', async () => {
    expect(await token({ grant_type: 'refresh_token' }, 'Basic AAAA')).toEqual({
      status: 400,
      body: { error: 'invalid_client' },
    });
    expect(await token({ grant_type: 'password' })).toEqual({ status: 400, body: { error: 'unsupported_grant_type' } });
    expect(await refresh('nothing')).toEqual({ status: 400, body: { error: 'invalid_grant' } });
    const wrongScope = await token({ grant_type: 'client_credentials', scope: 'accounting.everything' });
    expect(wrongScope).toEqual({
      status: 400,
      body: { error: 'invalid_scope', error_description: 'Client credentials scope validation failed' },
    });
  });

  it('rotates the refresh token', async () => {
    const { body } = await refresh('xero-sandbox-refresh-token');
    expect(body).toMatchObject({ expires_in: 1800, token_type: 'Bearer' });
    expect((await refresh(body.refresh_token ?? '')).status).toBe(200);
    expect((await refresh('xero-sandbox-refresh-token')).body).toEqual({ error: 'invalid_grant' });
  });

  it('returns no refresh token to a custom connection, and needs no tenant header from it', async () => {
    const { body } = await token({ grant_type: 'client_credentials', scope: 'accounting.settings.read' });
    expect(body.refresh_token).toBeUndefined();
    const headers = { authorization: `Bearer ${body.access_token}`, accept: 'application/json' };
    expect((await get('Organisation', headers)).status).toBe(200);
    const refused = await get('Invoices?page=1', headers);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ Detail: 'AuthorizationUnsuccessful' });
  });
});

describe('data calls', () => {
  it('end with the life of the access token, after 30 minutes or at once', async () => {
    const headers = await connect();
    now += 30 * MINUTE_MS - 1_000;
    expect((await get('Organisation', headers)).status).toBe(200);
    now += 1_000;
    const expired = await get('Organisation', headers);
    expect(expired.status).toBe(401);
    expect(await expired.json()).toMatchObject({
      Title: 'Unauthorized',
      Detail: expect.stringMatching(/^TokenExpired: token expired at \d\d\/\d\d\/\d{4} /),
    });
  });

  it('are refused for another tenant and for none', async () => {
    const { 'xero-tenant-id': _tenant, ...headers } = await connect();
    for (const tenant of [{}, { 'xero-tenant-id': 'another' }]) {
      const response = await get('Organisation', { ...headers, ...tenant });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ Detail: 'AuthenticationUnsuccessful' });
    }
  });

  it('respond in XML unless JSON is asked for', async () => {
    const headers = await connect();
    const response = await get('Organisation', { ...headers, accept: '*/*' });
    expect(response.headers.get('content-type')).toContain('application/xml');
  });

  it('may be 60 a minute, told in headers, and then wait until the first is a minute old', async () => {
    const headers = await connect();
    const first = await get('Organisation', headers);
    expect(first.headers.get('x-minlimit-remaining')).toBe('59');
    expect(first.headers.get('x-daylimit-remaining')).toBe('4999');
    for (let call = 2; call <= 60; call += 1) expect((await get('Organisation', headers)).status).toBe(200);
    now += 20_000;
    const refused = await get('Organisation', headers);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-rate-limit-problem')).toBe('minute');
    expect(refused.headers.get('retry-after')).toBe('40');
    now += 40_000;
    expect((await get('Organisation', headers)).status).toBe(200);
  });
});

describe('lists', () => {
  let headers: Record<string, string>;

  beforeEach(async () => {
    headers = await connect();
  });

  it('come in pages with a pagination object and line items', async () => {
    const page = await list('Invoices?page=7&pageSize=30&order=InvoiceID%20ASC', headers);
    expect(page.pagination).toEqual({ page: 7, pageSize: 30, pageCount: 7, itemCount: 200 });
    expect(page.Invoices).toHaveLength(20);
    expect(page.Invoices.every((invoice) => (invoice.LineItems ?? []).length > 0)).toBe(true);
    const ids = page.Invoices.map((invoice) => invoice.InvoiceID);
    expect(ids).toEqual(ids.toSorted());
    expect((await list('Invoices?page=8&pageSize=30', headers)).Invoices).toEqual([]);
  });

  it('have no line items without a page, and no payments in a summary', async () => {
    const whole = await list('Invoices', headers);
    expect(whole.pagination).toBeUndefined();
    expect(whole.Invoices).toHaveLength(200);
    expect(whole.Invoices.every((invoice) => invoice.LineItems?.length === 0)).toBe(true);
    const summary = await list('Invoices?page=1&summaryOnly=true', headers);
    expect(summary.Invoices[0]).not.toHaveProperty('Payments');
  });

  it('write money with its places', async () => {
    const text = await (await get('Invoices?page=1&unitdp=4', headers)).text();
    expect(text).toMatch(/"AmountDue":\d+\.\d\d,/);
    expect(text).toMatch(/"UnitAmount":\d+\.\d{4},/);
    expect(text).toMatch(/"CurrencyRate":\d+\.\d{6},/);
    expect(text).toMatch(/"DueDate":"\/Date\(-?\d+\+0000\)\/"/);
  });

  it('refuse a page size beyond 1000 and a page before 1', async () => {
    for (const query of ['page=0', 'page=1&pageSize=1001', 'page=1&pageSize=0', 'page=x']) {
      expect((await get(`Invoices?${query}`, headers)).status).toBe(400);
    }
    expect((await get('Invoices?page=1&pageSize=1000', headers)).status).toBe(200);
  });

  it('hide archived contacts unless asked', async () => {
    const shown = await list('Contacts?page=1&pageSize=1000', headers);
    const all = await list('Contacts?page=1&pageSize=1000&includeArchived=true', headers);
    const archived = all.Contacts.filter((contact) => contact.ContactStatus === 'ARCHIVED');
    expect(archived.length).toBeGreaterThan(0);
    expect(shown.Contacts).toHaveLength(all.Contacts.length - archived.length);
  });

  it('show what was modified since a second, or 304 where there are no pages', async () => {
    now += MINUTE_MS;
    const since = { ...headers, 'if-modified-since': new Date(now).toISOString().slice(0, 19) };
    expect((await get('Accounts', since)).status).toBe(304);
    expect((await list('Invoices?page=1', since)).pagination?.['itemCount']).toBe(0);
    now += 500;
    const random = new Random(2);
    let change = '';
    while (!change.startsWith('created invoice')) change = api.mutate(random);
    const changed = await list('Invoices?page=1', since);
    const ids = changed.Invoices.map((invoice) => invoice.InvoiceID);
    expect(ids).toContain(change.split(' ').at(-1));
  });

  it('filter by lists and by conditions, and name a field that does not exist', async () => {
    const drafts = await list('Invoices?page=1&Statuses=DRAFT,SUBMITTED', headers);
    const same = await list(
      `Invoices?page=1&where=${encodeURIComponent('Status=="DRAFT" OR Status=="SUBMITTED"')}`,
      headers,
    );
    expect(drafts.pagination?.['itemCount']).toBeGreaterThan(0);
    expect(same.pagination?.['itemCount']).toBe(drafts.pagination?.['itemCount']);
    const wrong = await get(`Invoices?where=${encodeURIComponent('Foo=="x"')}`, headers);
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ ErrorNumber: 16, Type: 'QueryParseException' });
  });

  it('agree with themselves: what is paid and due is what the payments say', async () => {
    const random = new Random(3);
    for (let count = 0; count < 300; count += 1) api.mutate(random);
    const { Invoices: invoices } = await list('Invoices?page=1&pageSize=1000', headers);
    const { Payments: payments } = await list('Payments?page=1&pageSize=1000', headers);
    const cents = (amount: number) => Math.round(amount * 100);
    const paid = new Map<string, number>();
    for (const { Status, Invoice, Amount } of payments) {
      if (Status === 'AUTHORISED') paid.set(Invoice.InvoiceID, (paid.get(Invoice.InvoiceID) ?? 0) + cents(Amount));
    }
    for (const { InvoiceID, Status, Total, AmountPaid, AmountDue, AmountCredited } of invoices) {
      expect(cents(AmountPaid)).toBe(paid.get(InvoiceID) ?? 0);
      const isOwed = Status !== 'VOIDED' && Status !== 'DELETED';
      expect(cents(AmountDue)).toBe(isOwed ? cents(Total) - cents(AmountPaid) - cents(AmountCredited) : 0);
      if (Status === 'PAID') expect(cents(AmountDue)).toBe(0);
    }
  });

  it('end with the tokens when all are expired', async () => {
    api.expireTokens();
    expect((await get('Organisation', headers)).status).toBe(401);
    expect((await get('Organisation', await reconnect())).status).toBe(200);
  });

  async function reconnect(): Promise<Record<string, string>> {
    const { body } = await refresh('xero-sandbox-refresh-token');
    return { ...headers, authorization: `Bearer ${body.access_token}` };
  }
});
