import { column } from '@pipeline/singer';
import { documentStream } from './document-stream.ts';

/** The chart of accounts, archived accounts too. */
export const accounts = documentStream({
  stream: 'accounts',
  name: 'Accounts',
  id: 'AccountID',
  pace: 'slow',
  paging: 'whole',
  replicationKey: 'UpdatedDateUTC',
  refresh: {},
  scopes: ['accounting.settings.read'],
  columns: {
    Code: column.string,
    Name: column.string,
    Type: column.string,
    Status: column.string,
    Class: column.string,
    Description: column.string,
    TaxType: column.string,
    BankAccountNumber: column.string,
    BankAccountType: column.string,
    CurrencyCode: column.string,
    SystemAccount: column.string,
    ReportingCode: column.string,
    ReportingCodeName: column.string,
    EnablePaymentsToAccount: column.boolean,
    ShowInExpenseClaims: column.boolean,
    AddToWatchlist: column.boolean,
    HasAttachments: column.boolean,
    UpdatedDateUTC: column.dateTime,
  },
});
