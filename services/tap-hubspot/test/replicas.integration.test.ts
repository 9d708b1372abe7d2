import { migrateControl } from '@pipeline/control';
import type { HttpClient, HttpPolicy } from '@pipeline/tap-kit';
import { readStream, uncached } from '@pipeline/tap-kit/testing';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { bearerAuth } from '../../../libs/tap-kit/src/auth/authenticator.ts';
import { createHttpClient } from '../../../libs/tap-kit/src/http/http-client.ts';
import { systemTiming } from '../../../libs/tap-kit/src/http/timing.ts';
import { createTransport } from '../../../libs/tap-kit/src/http/transport.ts';
import { interrupted } from '../../../libs/tap-kit/src/read/interruption.ts';
import { SharedRateLimiter } from '../../../libs/tap-kit/src/service/shared-rate-limiter.ts';
import { httpPolicy } from '../src/client.ts';
import { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';
import { serveAccount } from './support/server.ts';

const REPLICAS = 3;
const DEALS = 1_500;
/** Time passes so many times faster, for the account and for its limits. */
const SPEED = 5;
const TOO_MANY_REQUESTS = 429;
const never = new AbortController().signal;
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ name: 'control', prepare: migrateControl });
});
afterAll(() => database.drop());

/** The tap's policy in the faster time. Limits of a day stay. */
function fastPolicy(settings: Settings): HttpPolicy {
  const policy = httpPolicy(settings);
  // What the account says of itself would hide a limiter that does not share.
  const limits = policy.limits.map(({ remaining: _remaining, ...limit }) => ({ ...limit, perMs: limit.perMs / SPEED }));
  return { ...policy, limits };
}

/** Three replicas read all deals at the same time, each with its limits in the database under this name, until they are through or the account refuses.
 *  Returns whether it did. */
async function isRefused(connectionOf: (replica: number) => string): Promise<boolean> {
  const account = await serveAccount({ deals: DEALS, rateLimitFactor: SPEED, now: Date.now });
  const settings = Settings.parse({
    access_token: 'pat-na1-sandbox',
    base_url: account.url,
    // Room for a machine that is busy: what it sends late is sent closer together.
    requests_per_10_seconds: 60,
  });
  const policy = fastPolicy(settings);
  const { transport, close } = createTransport({ baseUrl: account.url });
  const refused = new AbortController();
  const clientOf = (replica: number): HttpClient => {
    const connection = connectionOf(replica);
    const shared = { timing: systemTiming, logger, signal: never };
    const limiter = new SharedRateLimiter({
      ...{ pool: database.pool, source: connection, connection, factor: 1, ...shared },
    });
    return createHttpClient(policy, {
      ...{ transport, limiter, logger, timing: systemTiming, auth: bearerAuth('pat-na1-sandbox') },
      ...{ stop: refused.signal, abort: never },
      onResponse: ({ status }) => {
        if (status === TOO_MANY_REQUESTS) refused.abort(interrupted());
      },
    });
  };
  const deals = tap.streams.find(({ name }) => name === 'deals');
  if (deals === undefined) throw new RangeError('no deals');
  const startedAt = new Date().toISOString();
  const reads = Array.from({ length: REPLICAS }, (_, replica) =>
    readStream({ settings, http: clientOf(replica), cached: uncached, account: undefined }, deals, { startedAt }),
  );
  const ends = await Promise.allSettled(reads);
  close();
  await account.close();
  const isRead = ends.every((end) => end.status === 'fulfilled' && end.value.isComplete);
  expect(isRead).toBe(!refused.signal.aborted);
  return refused.signal.aborted;
}

describe('three replicas that share their limits in PostgreSQL', () => {
  it("stay within the account's limits", async () => {
    expect(await isRefused(() => 'shared')).toBe(false);
  }, 60_000);

  it('would be refused if each counted for itself (mutation)', async () => {
    expect(await isRefused((replica) => `apart-${replica}`)).toBe(true);
  }, 60_000);
});
