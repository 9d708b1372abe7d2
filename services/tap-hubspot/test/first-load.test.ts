import { jest } from '@jest/globals';
import { readStream, uncached, VirtualTime, virtualLimiter } from '@pipeline/tap-kit/testing';
import { ChildPace } from '../src/crm/child-pace.ts';
import { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';
import { LargeAccount } from './support/large-account.ts';
import { SharedSandbox } from './support/shared-sandbox.ts';

const START = Date.UTC(2026, 5, 1);
const LATENCY_MS = 150;
const DEALS = 100_000;
/** A request for each hundred deals, for each thousand in each of four pairs, for each fifty with their former values. */
const MINIMUM = DEALS / 100 + 4 * (DEALS / 1_000) + DEALS / 50;

const streamOf = (name: string) => {
  const stream = tap.streams.find((one) => one.name === name);
  if (stream === undefined) throw new RangeError(name);
  return stream;
};

/** Reads these types at once, as many objects of each, from a source that takes its time. */
async function load(types: Readonly<Record<string, string>>, objects: number, latencyMs: number) {
  const settings = Settings.parse({ access_token: 'pat-na1-x' });
  const time = new VirtualTime(START);
  const account = new LargeAccount();
  const volume = { live: objects, archived: 0, changing: 0 };
  account.volumes = Object.fromEntries(Object.values(types).map((type) => [type, volume]));
  const http = account.paced(settings, { time, latencyMs, limiter: virtualLimiter(time) });
  const session = { settings, http, cached: uncached, account: undefined };
  const startedAt = new Date(time.now()).toISOString();
  const reads = Object.keys(types).map((name) => readStream(session, streamOf(name), { startedAt }));
  const ends = await time.run(Promise.all(reads));
  expect(ends.every(({ isComplete }) => isComplete)).toBe(true);
  const perSecond = account.total / ((time.now() - START) / 1_000);
  return { requests: account.total, perSecond, configured: settings.requests_per_10_seconds / 10 };
}

const DEALS_ALONE = { deals: '0-3' };

describe('the first load of 100,000 deals with their associations', () => {
  it('uses nine tenths of the rate that is configured, and few requests beyond the fewest possible', async () => {
    const { requests, perSecond, configured } = await load(DEALS_ALONE, DEALS, LATENCY_MS);
    expect(perSecond).toBeGreaterThanOrEqual(0.9 * configured);
    expect(requests / MINIMUM).toBeLessThanOrEqual(1.05);
  }, 120_000);

  // A page of the list names the next one, so that they come one after another: from 380 ms on that is the bound.
  const requestsPerPage = MINIMUM / (DEALS / 100);
  it.each([300, 450, 900])(
    'is as fast as pages of the list can follow one another at %i ms a response',
    async (latencyMs) => {
      const { perSecond, configured } = await load(DEALS_ALONE, DEALS, latencyMs);
      const bound = (requestsPerPage * 1_000) / latencyMs;
      expect(perSecond).toBeGreaterThanOrEqual(Math.min(0.9 * configured, 0.97 * bound));
    },
    60_000,
  );

  it('would leave a tenth more unused if requests for children took the turns of the list (mutation)', async () => {
    const pace = jest.spyOn(ChildPace.prototype, 'page').mockImplementation(() => undefined);
    const { perSecond, configured } = await load(DEALS_ALONE, DEALS, 300).finally(() => pace.mockRestore());
    expect(perSecond).toBeLessThan(0.88 * configured);
  }, 60_000);
});

describe('the first load of several types at once', () => {
  const SLOW_MS = 450;
  const OBJECTS = 40_000;

  it('uses nine tenths of the rate from a source that is too slow for the pages of one type', async () => {
    const { perSecond, configured } = await load({ ...DEALS_ALONE, contacts: '0-1' }, OBJECTS, SLOW_MS);
    expect(perSecond).toBeGreaterThanOrEqual(0.9 * configured);
  }, 60_000);

  it('leaves more than a tenth unused one after another (mutation)', async () => {
    const { perSecond, configured } = await load(DEALS_ALONE, OBJECTS, SLOW_MS);
    expect(perSecond).toBeLessThan(0.9 * configured);
  }, 60_000);
});

describe('three replicas that read at the same time', () => {
  const readBy = async (isShared: boolean) => {
    const time = new VirtualTime(START);
    const sandbox = new SharedSandbox(time, { deals: 3_000 });
    const limiter = virtualLimiter(time);
    const settings = Settings.parse({ access_token: 'pat-na1-sandbox' });
    const reads = ['deals', 'contacts', 'companies'].map((name) => {
      const http = sandbox.client(settings, { latencyMs: LATENCY_MS, ...(isShared && { limiter }) });
      const session = { settings, http, cached: uncached, account: undefined };
      return readStream(session, streamOf(name), { startedAt: new Date(START).toISOString() });
    });
    const all = await time.run(Promise.all(reads));
    expect(all.map(({ isComplete }) => isComplete)).toEqual([true, true, true]);
    return sandbox.refused;
  };

  it("stay within the account's limits", async () => {
    expect(await readBy(true)).toBe(0);
  });

  it('are refused when each has limits of its own (mutation)', async () => {
    expect(await readBy(false)).toBeGreaterThan(0);
  });
});
