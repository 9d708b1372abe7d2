import { firstLoad } from '../../../tests/support/first-load.ts';
import { type Sandbox, startSandbox } from '../../sandbox/src/sandbox.ts';
import { source } from '../../sandbox/src/xero/source.ts';
import { tap } from '../src/tap.ts';

/** As many as pages of which four are asked for ahead; more of them take more time, and little more memory: `npm run first-load -- xero`. */
const DEALS = 4_000;
const MEMORY_MB = 256;
const REQUESTS_FACTOR = 1.05;
/** The connections and the token, the organisation. */
const REQUESTS_FIXED = 6;
const PAGE_ROWS = 1_000;
const TEST_TIMEOUT_MS = 120_000;

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

it(
  'a first load of thousands of invoices with their lines brings every row, within the memory of the container',
  async () => {
    sandbox = await startSandbox({ deals: DEALS, only: ['xero'], rateLimitFactor: 1_000 });
    const streams = ['invoices', 'invoice_line_items'];
    const settings = source.tapSettings(sandbox.url('xero'));
    const load = await firstLoad({ source: 'xero', tap, sandbox, settings, streams, factor: 1_000 });
    const invoices = load.rows['invoices'] ?? 0;
    expect([load.exitCode, load.differences, load.examples]).toEqual([0, 0, []]);
    expect(invoices).toBeGreaterThan(3 * PAGE_ROWS);
    const requests = Object.values(load.requests).reduce((sum, count) => sum + count, 0);
    expect(requests).toBeLessThanOrEqual(Math.ceil(invoices / PAGE_ROWS) * REQUESTS_FACTOR + REQUESTS_FIXED);
    expect(load.memoryMb).toBeLessThan(MEMORY_MB);
  },
  TEST_TIMEOUT_MS,
);
