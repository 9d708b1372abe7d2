import { column } from '@pipeline/singer';
import { lineTables } from '../records/lines.ts';
import { documentStream } from './document-stream.ts';

/** Money spent and received without an invoice. Deleted and voided ones stay, with their status. */
export const bankTransactions = documentStream({
  stream: 'bank_transactions',
  name: 'BankTransactions',
  id: 'BankTransactionID',
  pace: 'fast',
  paging: 'pages',
  query: { unitdp: 4 },
  replicationKey: 'UpdatedDateUTC',
  references: {
    Contact: { id: 'ContactID', column: 'ContactID' },
    BankAccount: { id: 'AccountID', column: 'BankAccountID' },
  },
  without: ['LineItems'],
  scopes: ['accounting.banktransactions.read|accounting.transactions.read'],
  children: lineTables('bank_transaction', 'BankTransactionID'),
  columns: {
    Type: column.string,
    Status: column.string,
    ContactID: column.string,
    BankAccountID: column.string,
    Date: column.date,
    Reference: column.string,
    IsReconciled: column.boolean,
    LineAmountTypes: column.string,
    SubTotal: column.number,
    TotalTax: column.number,
    Total: column.number,
    CurrencyCode: column.string,
    CurrencyRate: column.number,
    PrepaymentID: column.string,
    OverpaymentID: column.string,
    Url: column.string,
    HasAttachments: column.boolean,
    UpdatedDateUTC: column.dateTime,
  },
});

/** Money between two accounts of the organisation. Xero dates only their creation, so they are read as a whole, deleted ones too. */
export const bankTransfers = documentStream({
  stream: 'bank_transfers',
  name: 'BankTransfers',
  id: 'BankTransferID',
  pace: 'hourly',
  paging: 'whole',
  query: { includeDeleted: true },
  references: {
    FromBankAccount: { id: 'AccountID', column: 'FromBankAccountID' },
    ToBankAccount: { id: 'AccountID', column: 'ToBankAccountID' },
  },
  scopes: ['accounting.banktransactions.read|accounting.transactions.read'],
  columns: {
    FromBankAccountID: column.string,
    ToBankAccountID: column.string,
    FromBankTransactionID: column.string,
    ToBankTransactionID: column.string,
    Amount: column.number,
    Date: column.date,
    CurrencyRate: column.number,
    FromIsReconciled: column.boolean,
    ToIsReconciled: column.boolean,
    Reference: column.string,
    Status: column.string,
    FromTracking: column.array,
    ToTracking: column.array,
    HasAttachments: column.boolean,
    CreatedDateUTC: column.dateTime,
  },
});
