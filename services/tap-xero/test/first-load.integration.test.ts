import { Random } from '../../sandbox/src/random.ts';
import { tap } from '../src/tap.ts';
import { startXero, type XeroSandbox } from './xero-sandbox.ts';

const DAY_MS = 86_400_000;
const TEST_TIMEOUT_MS = 120_000;

let xero: XeroSandbox;
afterEach(() => xero.close());

const streamOf = (name: string) => {
  const stream = tap.streams.find((one) => one.name === name);
  if (stream === undefined) throw new Error(`no ${name}`);
  return stream;
};
const invoices = streamOf('invoices');

const pagesAsked = () => xero.session.requests.map(({ query }) => query?.['page']).filter((page) => page !== undefined);

it(
  'a first load that meets the daily limit goes on the next day where it stopped, and misses nothing that changed meanwhile',
  async () => {
    // 30 pages, and 12 calls a day.
    xero = await startXero({ deals: 200, pageSize: 7, callsPerDay: 12, rateLimitFactor: 1, streams: ['invoices'] });
    const first = await xero.read(invoices);
    expect(first.endedBy).toMatchObject({
      code: 'SOURCE_RATE_LIMITED',
      message: expect.stringContaining('next run goes on'),
    });
    expect(pagesAsked().slice(0, 12)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    for (let day = 2; day <= 3; day += 1) {
      xero.clock.now += DAY_MS;
      xero.session.requests.length = 0;
      await xero.read(invoices);
      expect(pagesAsked()[0]).toBe(1 + (day - 1) * 12);
    }
    expect(xero.differences()).toEqual([]);
    expect(xero.states.get('invoices')?.bookmarks['invoices']?.['position']).toBeUndefined();
    const random = new Random(4);
    for (let change = 0; change < 30; change += 1) xero.api.mutate(random);
    // The daily read of everything takes days here; what is new comes at once, and what was taken off its document when the walk is over.
    for (let day = 4; day <= 8 && xero.differences().length > 0; day += 1) {
      xero.clock.now += DAY_MS;
      await xero.read(invoices);
    }
    expect(xero.differences()).toEqual([]);
  },
  TEST_TIMEOUT_MS,
);

it(
  'a bookmark from before organisations were told apart reads everything once more, and takes the old rows away',
  async () => {
    xero = await startXero({ streams: ['invoices'] });
    const old = { bookmarks: { invoices: { UpdatedDateUTC: new Date(xero.clock.now).toISOString() } } };
    xero.states.set('invoices', { ...old, full_read_at: { invoices: new Date(xero.clock.now).toISOString() } });
    const read = await xero.read(invoices);
    expect(read.deletes.get('invoices')).toEqual({ kind: 'absent' });
    expect(xero.differences()).toEqual([]);
  },
  TEST_TIMEOUT_MS,
);

it(
  'a ledger that the plan refuses is told once, and neither fails nor is asked for again before it is due',
  async () => {
    const refusedScopes = ['accounting.journals.read'];
    xero = await startXero({ refusedScopes, settings: { pacing: 'day' }, streams: ['journals'] });
    const journals = streamOf('journals');
    const read = await xero.read(journals);
    expect(read.isComplete).toBe(true);
    expect(read.notices).toMatchObject([{ code: 'XERO_NOT_IN_PLAN' }]);
    const tokens = xero.session.requests.length;
    await xero.read(journals);
    expect(xero.session.requests.length - tokens).toBeLessThanOrEqual(1);
  },
  TEST_TIMEOUT_MS,
);
