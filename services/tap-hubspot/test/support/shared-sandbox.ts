import type { HttpClient } from '@pipeline/tap-kit';
import { type Pace, pacedClient, type VirtualTime } from '@pipeline/tap-kit/testing';
import express from 'express';
import inject from 'light-my-request';
import { createHubspotApi } from '../../../sandbox/src/hubspot/api/api.ts';
import { Random } from '../../../sandbox/src/random.ts';
import { httpPolicy } from '../../src/client.ts';
import type { Settings } from '../../src/settings.ts';

const TOO_MANY_REQUESTS = 429;

/** An imitated account with its real limits, in virtual time, and how often it refused. */
export class SharedSandbox {
  refused = 0;
  readonly #app: express.Express;
  readonly #time: VirtualTime;

  constructor(time: VirtualTime, { deals }: { deals: number }) {
    this.#time = time;
    const api = createHubspotApi({ deals, rateLimitFactor: 1, random: new Random(1), now: time.now });
    this.#app = express().use(api.router);
  }

  client(settings: Settings, pace: Omit<Pace, 'token' | 'time'>): HttpClient {
    const source = async (request: { method: 'GET' | 'POST'; url: URL; headers: object; body?: string }) => {
      const { method, url, headers, body } = request;
      const sent = body === undefined ? {} : { payload: body };
      const target = { method, url: url.pathname + url.search, headers: { ...headers }, ...sent };
      const response = await inject(this.#app as never, target);
      if (response.statusCode === TOO_MANY_REQUESTS) this.refused += 1;
      const seen = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      return { status: response.statusCode, headers: Object.fromEntries(seen), text: response.payload };
    };
    return pacedClient(httpPolicy(settings), source, { ...pace, time: this.#time, token: 'pat-na1-sandbox' });
  }
}
