import { parseJson } from '@pipeline/singer';
import type { HttpClient, HttpRequest } from '@pipeline/tap-kit';
import { clientOf } from '@pipeline/tap-kit/testing';
import { startSandbox } from '../../sandbox/src/sandbox.ts';
import type { SourceApi } from '../../sandbox/src/source-api.ts';
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
  const sandbox = await startSandbox({
    only: ['xero'],
    deals: options.deals,
    seed: 7,
    now: () => clock.now,
    rateLimitFactor: 1_000_000,
    tokens: { xero: [TOKEN] },
  });
  const base_url = sandbox.url('xero');
  const settings = XeroSettings.parse({ client_id: 'c', client_secret: 's', refresh_token: 'r', base_url });
  const client: SandboxClient = {
    api: sandbox.api('xero'),
    settings,
    clock,
    requests: [],
    onAnswer: { call: () => {} },
    overrides: { pageSize: String(options.pageSize) },
    http: clientOf((request) => send(client, request)),
    close: sandbox.stop,
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
