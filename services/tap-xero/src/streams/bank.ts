import { column } from '@pipeline/singer';
import { childTable, trackingTable } from '../records/child-rows.ts';
import { documentStream } from './document-stream.ts';

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

/** Several payments in one sum on the bank statement. */
export const batchPayments = documentStream({
  stream: 'batch_payments',
  name: 'BatchPayments',
  id: 'BatchPaymentID',
  pace: 'hourly',
  paging: 'whole',
  replicationKey: 'UpdatedDateUTC',
  references: { Account: { id: 'AccountID', column: 'AccountID' } },
  without: ['Payments'],
  scopes: ['accounting.payments.read|accounting.transactions.read'],
  children: [
    childTable({
      stream: 'batch_payment_payments',
      property: 'Payments',
      parentId: 'BatchPaymentID',
      ids: ['PaymentID'],
      references: { Invoice: { id: 'InvoiceID', column: 'InvoiceID' } },
      columns: {
        InvoiceID: column.string,
        Amount: column.number,
        BankAccountNumber: column.string,
        Details: column.string,
      },
    }),
  ],
  columns: {
    AccountID: column.string,
    Type: column.string,
    Status: column.string,
    Date: column.date,
    Amount: column.number,
    TotalAmount: column.number,
    IsReconciled: column.boolean,
    Reference: column.string,
    Particulars: column.string,
    Code: column.string,
    Details: column.string,
    Narrative: column.string,
    UpdatedDateUTC: column.dateTime,
  },
});

const journalLines = childTable({
  stream: 'manual_journal_lines',
  property: 'JournalLines',
  parentId: 'ManualJournalID',
  columns: {
    LineAmount: column.number,
    AccountCode: column.string,
    AccountID: column.string,
    Description: column.string,
    TaxType: column.string,
    TaxAmount: column.number,
    Tracking: column.array,
    IsBlank: column.boolean,
  },
});

/** Entries that a person makes by hand. Their lines have no id. */
export const manualJournals = documentStream({
  stream: 'manual_journals',
  name: 'ManualJournals',
  id: 'ManualJournalID',
  pace: 'hourly',
  paging: 'pages',
  replicationKey: 'UpdatedDateUTC',
  without: ['JournalLines'],
  scopes: ['accounting.manualjournals.read|accounting.transactions.read'],
  children: [
    journalLines,
    trackingTable(journalLines, {
      stream: 'manual_journal_line_tracking',
      property: 'Tracking',
      parentId: 'ManualJournalID',
    }),
  ],
  columns: {
    Narration: column.string,
    Date: column.date,
    Status: column.string,
    LineAmountTypes: column.string,
    Url: column.string,
    ShowOnCashBasisReports: column.boolean,
    HasAttachments: column.boolean,
    UpdatedDateUTC: column.dateTime,
  },
});
