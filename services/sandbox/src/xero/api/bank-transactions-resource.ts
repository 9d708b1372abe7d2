import type { BankTransaction } from '../company/bank-transaction.ts';
import type { Books } from '../company/books.ts';
import { decimal, money } from '../company/decimal.ts';
import { totals } from '../company/line.ts';
import { dotNetDate } from './dotnet-date.ts';
import type { Resource, Writing } from './resource.ts';
import { statusField, writeContactReference, writeDate, writeLine } from './write-parts.ts';

export function bankTransactionsResource(books: Books): Resource<BankTransaction> {
  return {
    name: 'BankTransactions',
    typeName: 'BankTransaction',
    idField: 'BankTransactionID',
    collection: books.bankTransactions,
    scopes: ['accounting.banktransactions', 'accounting.transactions'],
    paging: 'pages',
    hasModifiedSince: true,
    parameters: ['where', 'order', 'unitdp'],
    fields: {
      ...statusField<BankTransaction>(),
      Type: { read: (transaction) => transaction.type, isOptimised: true },
      Date: { read: (transaction) => transaction.date, isOptimised: true },
      Reference: { read: (transaction) => transaction.reference },
      IsReconciled: { read: (transaction) => transaction.isReconciled },
      Total: { read: (transaction) => totals(transaction.lines).total / 100 },
      'Contact.ContactID': { read: ({ contact }) => books.contacts.guids.of(contact), isOptimised: true },
    },
    listFilters: {},
    write: (row, writing) => writeBankTransaction(books, row, writing),
  };
}

function writeBankTransaction(books: Books, row: number, writing: Writing): Record<string, unknown> {
  const { collection, accounts } = { collection: books.bankTransactions, accounts: books.accounts };
  const transaction = collection.get(row);
  const account = accounts.get(transaction.bankAccount);
  const { subTotal, totalTax, total } = totals(transaction.lines);
  const lines = transaction.lines.map((line) =>
    writeLine(books, collection.guids.of(row, line.part + 1), line, writing),
  );
  return {
    BankTransactionID: collection.guids.of(row),
    BankAccount: { AccountID: accounts.guids.of(transaction.bankAccount), Code: account.code, Name: account.name },
    Type: transaction.type,
    ...(transaction.reference === '' ? {} : { Reference: transaction.reference }),
    IsReconciled: transaction.isReconciled,
    CurrencyRate: decimal(1_000_000, 6),
    HasAttachments: false,
    Contact: writeContactReference(books, transaction.contact),
    ...writeDate('Date', transaction.date),
    Status: transaction.status,
    LineAmountTypes: 'Exclusive',
    LineItems: writing.hasLines ? lines : [],
    SubTotal: money(subTotal),
    TotalTax: money(totalTax),
    Total: money(total),
    UpdatedDateUTC: dotNetDate(collection.updatedAt(row)),
    CurrencyCode: 'NZD',
  };
}
