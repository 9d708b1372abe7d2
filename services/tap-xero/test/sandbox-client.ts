import { createServer } from 'node:http';
import { parseJson } from '@pipeline/singer';
import type { HttpClient, HttpRequest } from '@pipeline/tap-kit';
import express from 'express';
import { Random } from '../../sandbox/src/random.ts';
import type { SourceApi } from '../../sandbox/src/source-api.ts';
import { createXeroApi } from '../../sandbox/src/xero/api.ts';
import { xeroPolicy } from '../src/policy.ts';
import { XeroSettings } from '../src/settings.ts';

const TOKEN = 'test-token';

/** The imitated Xero in this process, with a client of a few lines in the place of the runtime's. */
export interface SandboxClient {
  api: SourceApi;
  http: HttpClient;
  settings: XeroSettings;
  requests: HttpRequest[];
  /** The clock of the imitated service, epoch milliseconds; a second passes with each request. */
  clock: { now: number };
  /** Called after each answer. */
  onAnswer: { call: () => void };
  /** Sent with each request, after what the tap asks for. */
  overrides: Record<string, string>;
  close: () => Promise<void>;
}

export async function startSandboxClient(options: { deals: number; pageSize: number }): Promise<SandboxClient> {
  const clock = { now: Date.UTC(2026, 5, 15, 12) };
  const random = new Random(7);
  const shared = { deals: options.deals, random, now: () => clock.now, rateLimitFactor: 1_000_000 };
  const api = createXeroApi({ ...shared, tokens: [TOKEN] });
  const server = createServer(express().use(api.router));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const base_url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const settings = XeroSettings.parse({ client_id: 'c', client_secret: 's', refresh_token: 'r', base_url });
  const client: SandboxClient = {
    api,
    settings,
    clock,
    requests: [],
    onAnswer: { call: () => {} },
    overrides: { pageSize: String(options.pageSize) },
    http: { json: (request) => send(client, request) },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  return client;
}

async function send(client: SandboxClient, request: HttpRequest): ReturnType<HttpClient['json']> {
  client.requests.push(request);
  client.clock.now += 1_000;
  const url = new URL(request.path, `${client.settings.base_url}/`);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, String(value));
  for (const [name, value] of Object.entries(client.overrides)) {
    if (url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  const headers = { ...xeroPolicy(client.settings).headers, authorization: `Bearer ${TOKEN}`, ...request.headers };
  const answer = await fetch(url, { headers });
  const text = await answer.text();
  client.onAnswer.call();
  if (answer.status === 304) return null;
  if (!answer.ok) throw new Error(`${answer.status} ${url.pathname}`);
  return parseJson(text);
}
