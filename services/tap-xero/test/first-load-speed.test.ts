import type { Logger } from '@pipeline/protocol';
import { createHttpClient } from '../../../libs/tap-kit/src/http/http-client.ts';
import { MemoryRateLimiter } from '../../../libs/tap-kit/src/http/memory-rate-limiter.ts';
import { httpPolicy } from '../src/client.ts';
import type { Reading } from '../src/reading/list.ts';
import { readPages } from '../src/reading/pages.ts';
import { Settings } from '../src/settings.ts';
import { VirtualClock } from './virtual-clock.ts';

const INVOICES = 100_000;
const PAGES = INVOICES / 1_000;
const MINUTE_MS = 60_000;
/** Xero's own limits (developer.xero.com, guide "Limits"). */
const CALLS_PER_MINUTE = 60;
const CALLS_IN_PROGRESS = 5;

const tenant = { id: 't', name: 'T', headers: { 'Xero-Tenant-Id': 't' }, connection: {} };
const list = { name: 'Invoices', id: 'InvoiceID' };

/** Xero with 100,000 invoices, whose responses take their time. Counts calls as Xero does, in a window that rolls. */
function invoicesOf(clock: VirtualClock, latencyMs: () => number) {
  const arrivals: number[] = [];
  const most = { inProgress: 0, inMinute: 0 };
  let inProgress = 0;
  const transport = async ({ url }: { url: URL }) => {
    const page = Number(url.searchParams.get('page'));
    arrivals.push(clock.now());
    inProgress += 1;
    most.inProgress = Math.max(most.inProgress, inProgress);
    most.inMinute = Math.max(most.inMinute, arrivals.filter((at) => at > clock.now() - MINUTE_MS).length);
    await clock.sleep(latencyMs());
    inProgress -= 1;
    const rows = Array.from({ length: 1_000 }, (_, row) => ({ InvoiceID: `${page}/${row}` }));
    const text = JSON.stringify({ pagination: { pageCount: PAGES, itemCount: INVOICES }, Invoices: rows });
    return { status: 200, headers: {}, text };
  };
  return { transport, arrivals, most };
}

/** Reads all of them. @param pagesAhead slots in the place of the tap's */
async function firstLoad(latencyMs: () => number, pagesAhead?: number) {
  const clock = new VirtualClock();
  const xero = invoicesOf(clock, latencyMs);
  const settings = Settings.parse({ client_id: 'c', client_secret: 's' });
  const never = new AbortController().signal;
  const silent = () => undefined;
  const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };
  const http = createHttpClient(httpPolicy(settings), {
    transport: xero.transport,
    auth: { authorization: () => Promise.resolve('Bearer x'), renew: () => Promise.resolve(false) },
    limiter: new MemoryRateLimiter({ factor: 1, now: clock.now }),
    timing: { now: clock.now, sleep: clock.sleep, random: () => 0.5 },
    logger,
    stop: never,
    abort: never,
  });
  const kept = new Map<string, Promise<unknown>>();
  if (pagesAhead !== undefined) kept.set('pages ahead', Promise.resolve({ free: pagesAhead }));
  const cached: Reading['cached'] = <T>(key: string, _ttlMs: number, load: () => Promise<T>) => {
    const value = (kept.get(key) as Promise<T> | undefined) ?? load();
    kept.set(key, value);
    return value;
  };
  const context: Reading = { http, cached, settings, signal: never };
  const seen = new Set<unknown>();
  const startedAt = clock.now();
  const read = async () => {
    for await (const { rows } of readPages(context, { tenant, list, modifiedSince: undefined })) {
      for (const row of rows) seen.add(row['InvoiceID']);
    }
  };
  await clock.run(read());
  const minutes = (clock.now() - startedAt) / MINUTE_MS;
  return { rows: seen.size, calls: xero.arrivals.length, perMinute: xero.arrivals.length / minutes, most: xero.most };
}

describe('the first load of 100,000 invoices', () => {
  it.each([
    ['a second', () => 1_000],
    ['three seconds', () => 3_000],
    [
      'between one and six seconds',
      (
        (n) => () =>
          1_000 + ((++n * 1_700) % 5_000)
      )(0),
    ],
  ])('uses nine tenths of the calls a minute, and no call too many, when a page takes %s', async (_, latencyMs) => {
    const load = await firstLoad(latencyMs);
    expect(load).toMatchObject({ rows: INVOICES, calls: PAGES });
    expect(load.perMinute).toBeGreaterThanOrEqual(0.9 * CALLS_PER_MINUTE);
    expect(load.most.inMinute).toBeLessThanOrEqual(CALLS_PER_MINUTE);
    expect(load.most.inProgress).toBeLessThanOrEqual(CALLS_IN_PROGRESS);
  });

  it('would use a third of them if one page were awaited before the next is asked for (mutation)', async () => {
    const { perMinute } = await firstLoad(() => 3_000, 0);
    expect(perMinute).toBeLessThan(0.4 * CALLS_PER_MINUTE);
  });
});
