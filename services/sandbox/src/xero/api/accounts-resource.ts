import type { Books } from '../company/books.ts';
import type { Account } from '../company/chart.ts';
import { dotNetDate } from './dotnet-date.ts';
import type { Resource } from './resource.ts';
import { statusField } from './write-parts.ts';

export function accountsResource(books: Books): Resource<Account> {
  return {
    name: 'Accounts',
    typeName: 'Account',
    idField: 'AccountID',
    collection: books.accounts,
    scopes: ['accounting.settings'],
    paging: 'whole',
    hasModifiedSince: true,
    parameters: ['where', 'order'],
    fields: {
      ...statusField<Account>(),
      Code: { read: (account) => account.code },
      Name: { read: (account) => account.name },
      Type: { read: (account) => account.type },
      Class: { read: (account) => account.class },
    },
    listFilters: {},
    write: (row) => writeAccount(books, row),
  };
}

function writeAccount(books: Books, row: number): Record<string, unknown> {
  const account = books.accounts.get(row);
  return {
    AccountID: books.accounts.guids.of(row),
    Code: account.code,
    Name: account.name,
    Status: account.status,
    Type: account.type,
    TaxType: account.taxType,
    ...(account.description === undefined ? {} : { Description: account.description }),
    Class: account.class,
    ...(account.systemAccount === undefined ? {} : { SystemAccount: account.systemAccount }),
    EnablePaymentsToAccount: account.enablePayments,
    ShowInExpenseClaims: false,
    ...(account.bankAccountNumber === undefined
      ? {}
      : { BankAccountNumber: account.bankAccountNumber, BankAccountType: 'BANK', CurrencyCode: 'NZD' }),
    ReportingCode: account.class.slice(0, 3),
    HasAttachments: false,
    UpdatedDateUTC: dotNetDate(books.accounts.updatedAt(row)),
    AddToWatchlist: false,
  };
}
