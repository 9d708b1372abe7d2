import { Day, type Tree } from '../api/tree.ts';
import { BANK_ACCOUNTS } from '../company/chart.ts';
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

function accountTree(books: Company, account: number): Tree {
  const { code, name } = books.accounts.get(account);
  return { AccountID: books.accounts.guids.of(account), Code: code, Name: name };
}
