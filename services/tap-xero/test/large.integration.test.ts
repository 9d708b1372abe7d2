import { Random } from '../../sandbox/src/random.ts';
import { startXero } from './xero-sandbox.ts';

/** `XERO_INVOICES=100000` compares a large company, which takes minutes. */
const INVOICES = Number(process.env['XERO_INVOICES'] ?? 1_500);
const TEST_TIMEOUT_MS = 30 * 60_000;
const HOUR_MS = 3_600_000;
const PAGE_ROWS = 1_000;

/** Calls beyond the minimum that are allowed, as a factor. */
const CALLS_FACTOR = 1.05;

it(
  'a large company that changes while it is read is the same row by row, and its first load asks for no page too many',
  async () => {
    const streams = ['invoices', 'payments', 'contacts', 'credit_notes'];
    const xero = await startXero({ deals: INVOICES, streams });
    try {
      const random = new Random(12);
      xero.onResponse.call = () => void xero.api.mutate(random);
      const minimum = xero.api
        .truth()
        .filter(({ stream }) => streams.includes(stream))
        .reduce((pages, { rows }) => pages + Math.max(1, Math.ceil([...rows].length / PAGE_ROWS)), 0);
      xero.session.requests.length = 0;
      await xero.cycle();
      const calls = xero.session.requests.filter(({ path }) => path.startsWith('api.xro')).length;
      process.stdout.write(`first load of ${INVOICES} invoices: ${calls} calls, at least ${minimum}\n`);
      expect(calls).toBeLessThanOrEqual(Math.max(minimum + streams.length, minimum * CALLS_FACTOR));
      xero.clock.now += HOUR_MS;
      await xero.cycle();
      xero.onResponse.call = () => {};
      xero.clock.now += HOUR_MS;
      await xero.cycle();
      expect(xero.differences()).toEqual([]);
    } finally {
      await xero.close();
    }
  },
  TEST_TIMEOUT_MS,
);
