import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import express from 'express';
import { createHubspotApi, type HubspotApi, type HubspotApiOptions } from '../../../sandbox/src/hubspot/api/api.ts';
import { Random } from '../../../sandbox/src/random.ts';

export interface ServedAccount {
  api: HubspotApi;
  url: string;
  clock: { now: number };
  close: () => Promise<void>;
}

/** An imitated account behind an address of its own.
 *  @param before responds instead of the account, where it returns true */
export async function serveAccount(
  options: Partial<Omit<HubspotApiOptions, 'random'>> = {},
  before: (...call: Parameters<RequestListener>) => boolean = () => false,
): Promise<ServedAccount> {
  const clock = { now: Date.UTC(2026, 5, 1, 12) };
  const api = createHubspotApi({
    deals: 60,
    rateLimitFactor: 1_000_000,
    now: () => clock.now,
    ...options,
    random: new Random(1),
  });
  const app = express().use(api.router);
  const server = createServer((request, response) => {
    if (!before(request, response)) app(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new RangeError('the server has no port');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { api, url: `http://127.0.0.1:${address.port}`, clock, close };
}
