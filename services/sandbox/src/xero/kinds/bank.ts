import { Day, type Tree } from '../api/tree.ts';
import { writeTracking } from '../api/write-parts.ts';
import { BANK_ACCOUNTS, COST_ACCOUNTS, SALES_ACCOUNTS } from '../company/chart.ts';
import { decimal, money } from '../company/decimal.ts';
import type { Company, Kind } from './kind.ts';

const BANK_SCOPES = ['accounting.banktransactions', 'accounting.transactions'];

/** Money between two accounts of the organisation. There is only a date of creation, and deleted ones show only on request. */
export const bankTransfers: Kind = {
  name: 'BankTransfers',
  typeName: 'BankTransfer',
  idField: 'BankTransferID',
  stream: 'bank_transfers',
  scopes: BANK_SCOPES,
  paging: 'whole',
  parameters: ['where', 'order'],
  hasModifiedSince: true,
  updated: { field: 'CreatedDateUTC', hasTwin: false },
  hidden: { unless: 'includeDeleted', is: (tree) => tree['Status'] === 'DELETED' },
  count: (deals) => Math.max(4, Math.round(deals * 0.03)),
  make: (random, row, books) => ({
    FromBankAccount: accountTree(books, BANK_ACCOUNTS[row % 2] ?? 0),
    ToBankAccount: accountTree(books, BANK_ACCOUNTS[(row % 2) + 1] ?? 1),
    Amount: money(random.integer(1_000, 9_999_999)),
    Date: new Day(books.history.dayOf(random.integer(0, 999), 1_000), true),
    CurrencyRate: decimal(1_000_000, 6),
    FromIsReconciled: random.chance(0.5),
    ToIsReconciled: random.chance(0.5),
    Reference: random.chance(0.3) ? `Transfer ${row + 1}` : '',
    HasAttachments: false,
    Status: 'AUTHORISED',
    FromTracking: [],
    ToTracking: [],
  }),
  changes: [(_random, tree) => (tree['Status'] === 'AUTHORISED' ? { Status: 'DELETED' } : undefined)],
  references: {
    FromBankAccount: { id: 'AccountID', column: 'FromBankAccountID' },
    ToBankAccount: { id: 'AccountID', column: 'ToBankAccountID' },
  },
};

/** Several payments in one sum on the bank statement. */
export const batchPayments: Kind = {
  name: 'BatchPayments',
  typeName: 'BatchPayment',
  idField: 'BatchPaymentID',
  stream: 'batch_payments',
  scopes: ['accounting.payments', 'accounting.transactions'],
  paging: 'whole',
  parameters: ['where', 'order'],
  hasModifiedSince: true,
  updated: { field: 'UpdatedDateUTC', hasTwin: false },
  count: (deals) => Math.max(3, Math.round(deals * 0.015)),
  make: (random, row, books) => {
    const payments = [0, 1].map((place) => batched(books, (row * 2 + place) % books.payments.originals));
    return {
      Account: { AccountID: books.accounts.guids.of(BANK_ACCOUNTS[0] ?? 0) },
      Date: new Day(books.history.dayOf(random.integer(0, 999), 1_000), true),
      Type: 'RECBATCH',
      Status: 'AUTHORISED',
      TotalAmount: money(payments.reduce((sum, { cents }) => sum + cents, 0)),
      IsReconciled: false,
      Reference: `Batch ${row + 1}`,
      Payments: payments.map(({ tree }) => tree),
    };
  },
  changes: [
    (_random, tree) => (tree['Status'] === 'AUTHORISED' ? { Status: 'DELETED', Payments: [] } : undefined),
    (_random, tree) => (tree['IsReconciled'] === false ? { IsReconciled: true } : undefined),
  ],
  references: { Account: { id: 'AccountID', column: 'AccountID' } },
  children: [
    {
      property: 'Payments',
      stream: 'batch_payment_payments',
      key: ['PaymentID'],
      references: { Invoice: { id: 'InvoiceID', column: 'InvoiceID' } },
    },
  ],
};

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

function batched(books: Company, row: number): { cents: number; tree: Tree } {
  const payment = books.payments.original(row);
  return {
    cents: payment.amount,
    tree: {
      PaymentID: books.payments.guids.of(row),
      Amount: money(payment.amount),
      Invoice: { InvoiceID: books.invoices.guids.of(payment.invoice) },
    },
  };
}

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

function accountTree(books: Company, account: number): Tree {
  const { code, name } = books.accounts.get(account);
  return { AccountID: books.accounts.guids.of(account), Code: code, Name: name };
}
