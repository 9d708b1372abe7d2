import { Day, type Tree } from '../api/tree.ts';
import { writeTracking } from '../api/write-parts.ts';
import { COST_ACCOUNTS, SALES_ACCOUNTS } from '../company/chart.ts';
import { money } from '../company/decimal.ts';
import type { Company, Kind } from './kind.ts';

/** Entries that a person makes by hand. Their lines have no id. */
export const manualJournals: Kind = {
  name: 'ManualJournals',
  typeName: 'ManualJournal',
  idField: 'ManualJournalID',
  stream: 'manual_journals',
  scopes: ['accounting.manualjournals', 'accounting.transactions'],
  paging: 'pages',
  parameters: ['where', 'order'],
  hasModifiedSince: true,
  updated: { field: 'UpdatedDateUTC', hasTwin: false },
  count: (deals) => Math.max(4, Math.round(deals * 0.03)),
  make: (random, row, books) => ({
    Narration: `Accrual ${row + 1}`,
    Date: new Day(books.history.dayOf(random.integer(0, 999), 1_000)),
    LineAmountTypes: 'NoTax',
    Status: random.pick(['POSTED', 'POSTED', 'POSTED', 'DRAFT', 'VOIDED']),
    ShowOnCashBasisReports: random.chance(0.5),
    HasAttachments: false,
    JournalLines: journalLines(books, random.integer(100, 99_999), random.integer(0, 3), random.integer(0, 15)),
  }),
  changes: [
    (_random, tree) => (tree['Status'] === 'DRAFT' ? { Status: 'POSTED' } : undefined),
    (_random, tree) => (tree['Status'] === 'POSTED' ? { Status: 'VOIDED' } : undefined),
    (random) => ({ Narration: `Corrected ${random.integer(1, 999)}` }),
    (random, tree, books) =>
      tree['Status'] === 'DRAFT'
        ? { JournalLines: journalLines(books, random.integer(100, 99_999), 0, random.integer(0, 15)) }
        : undefined,
  ],
  children: [
    {
      property: 'JournalLines',
      stream: 'manual_journal_lines',
      key: ['LineNumber'],
      tracking: { stream: 'manual_journal_line_tracking', property: 'Tracking' },
    },
  ],
};

/** Two or three lines that add up to nothing. */
function journalLines(books: Company, cents: number, sales: number, cost: number): Tree[] {
  const half = Math.floor(cents / 2);
  const amounts = sales % 2 === 0 ? [cents, -cents] : [half, cents - half, -cents];
  return amounts.map((amount, place) => {
    const isLast = place === amounts.length - 1;
    const account = (isLast ? SALES_ACCOUNTS[sales] : COST_ACCOUNTS[(cost + place) % COST_ACCOUNTS.length]) ?? 0;
    return {
      LineAmount: money(amount),
      AccountCode: books.accounts.get(account).code,
      AccountID: books.accounts.guids.of(account),
      Description: `Line ${place + 1}`,
      TaxType: 'NONE',
      TaxAmount: money(0),
      Tracking: isLast ? writeTracking({ region: sales % 2 }) : [],
      IsBlank: false,
    };
  });
}
