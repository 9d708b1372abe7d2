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
