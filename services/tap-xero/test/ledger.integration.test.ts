import { Random } from '../../sandbox/src/random.ts';
import { startXero, type XeroSandbox } from './xero-sandbox.ts';

const HOUR_MS = 3_600_000;
const TEST_TIMEOUT_MS = 120_000;

let xero: XeroSandbox;
afterEach(() => xero.close());

/** In cents, from a number that may be kept as its text. */
function cents(amount: unknown): number {
  if (amount === null || amount === undefined) return 0;
  return Math.round(Number(JSON.isRawJSON(amount) ? (amount as { rawJSON: string }).rawJSON : amount) * 100);
}

const rowsOf = (stream: string) => [...xero.warehouse.live(stream).values()];

/** What each account holds at the end of a month, by the ledger that was read. */
function balances(period: string): Map<string, number> {
  const dates = new Map(rowsOf('journals').map((row) => [row['JournalID'], String(row['JournalDate'])]));
  const held = new Map<string, number>();
  for (const line of rowsOf('journal_lines')) {
    if ((dates.get(line['JournalID']) ?? '') > period) continue;
    const account = String(line['AccountID']);
    held.set(account, (held.get(account) ?? 0) + cents(line['NetAmount']));
  }
  return new Map([...held].filter(([, sum]) => sum !== 0).sort());
}

function reported(period: string): Map<string, number> {
  const rows = rowsOf('report_trial_balance').filter((row) => row['Period'] === period);
  const held = rows.map((row) => [String(row['AccountID']), cents(row['YTDDebit']) - cents(row['YTDCredit'])] as const);
  return new Map([...held].filter(([, sum]) => sum !== 0).sort());
}

it(
  "the trial balance of the ledger's tables is Xero's own, in every month and after changes",
  async () => {
    xero = await startXero({ streams: ['journals', 'report_trial_balance'] });
    await xero.cycle();
    const random = new Random(8);
    for (let change = 0; change < 100; change += 1) xero.api.mutate(random);
    xero.clock.now += HOUR_MS;
    await xero.cycle();
    const periods = [...new Set(rowsOf('report_trial_balance').map((row) => String(row['Period'])))];
    expect(periods).toHaveLength(12);
    for (const period of periods) expect([period, reported(period)]).toEqual([period, balances(period)]);
  },
  TEST_TIMEOUT_MS,
);

it(
  'a first load asks for no more pages than there are',
  async () => {
    xero = await startXero({ deals: 2_500, streams: ['invoices', 'payments'] });
    const before = xero.session.requests.length;
    await xero.cycle();
    const pages = xero.session.requests.slice(before).filter(({ path }) => path.startsWith('api.xro')).length;
    const rows = [...xero.api.truth()].filter(({ stream }) => stream === 'invoices' || stream === 'payments');
    expect(pages).toBe(rows.reduce((sum, truth) => sum + Math.ceil([...truth.rows].length / 1_000), 0));
  },
  TEST_TIMEOUT_MS,
);
