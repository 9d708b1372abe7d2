import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import { z } from 'zod';
import { Random } from '../../src/random.ts';
import type { SourceApi } from '../../src/source-api.ts';
import { createXeroApi, type XeroApiOptions } from '../../src/xero/api/api.ts';

export const CLIENT = { client_id: 'xero-sandbox-client', client_secret: 'xero-sandbox-secret' };

export interface XeroServer {
  api: SourceApi;
  url: string;
  clock: { now: number };
  /** Requests to the token endpoint so far. */
  tokenRequests: () => number;
  post: (path: string, form: Record<string, string>, init?: RequestInit) => Promise<Response>;
  /** Asks the accounting API for the first organisation, with a fresh token. */
  get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  stop: () => Promise<void>;
}

/** The imitated Xero on a port of its own, with a clock that stands still unless it is moved. */
export async function startXeroServer(options: Partial<XeroApiOptions> = {}): Promise<XeroServer> {
  const clock = { now: Date.UTC(2026, 5, 15, 12) };
  const api = createXeroApi({
    deals: 100,
    random: new Random(1),
    now: () => clock.now,
    rateLimitFactor: 1,
    ...options,
  });
  let tokenRequests = 0;
  const counted: express.RequestHandler = ({ path }, _response, next) => {
    if (path === '/connect/token') tokenRequests += 1;
    next();
  };
  const server = createServer(express().disable('etag').use(counted, api.router)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const post: XeroServer['post'] = (path, form, init) => {
    return fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual', ...init });
  };
  let access: Promise<Record<string, string>> | undefined;
  const connect = async (): Promise<Record<string, string>> => {
    const refresh_token = 'xero-sandbox-refresh-token';
    const tokens = await tokensIn(
      await post('/connect/token', { grant_type: 'refresh_token', refresh_token, ...CLIENT }),
    );
    const authorization = `Bearer ${tokens.access_token}`;
    const [first] = await connectionsIn(await fetch(`${url}/connections`, { headers: { authorization } }));
    return { authorization, accept: 'application/json', 'xero-tenant-id': first?.tenantId ?? '' };
  };
  return {
    ...{ api, url, clock, post },
    tokenRequests: () => tokenRequests,
    get: async (path, headers) => {
      access ??= connect();
      return fetch(`${url}/${path}`, { headers: { ...(await access), ...headers } });
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const Tokens = z.looseObject({ access_token: z.string(), refresh_token: z.string().default('') });
export const tokensIn = async (response: Response) => Tokens.parse(await response.json());

const Connections = z.array(z.looseObject({ id: z.string(), tenantId: z.string() }));
export const connectionsIn = async (response: Response) => Connections.parse(await response.json());

export const objectIn = async (response: Response) => z.looseObject({}).parse(await response.json());
