import { column } from '@pipeline/singer';
import { childTable } from '../records/child-rows.ts';
import { documentStream } from './document-stream.ts';

/** Payments of invoices, bills, credit notes, prepayments and overpayments. Deleted ones stay, with their status. */
export const payments = documentStream({
  stream: 'payments',
  name: 'Payments',
  id: 'PaymentID',
  pace: 'fast',
  paging: 'pages',
  replicationKey: 'UpdatedDateUTC',
  references: {
    Account: { id: 'AccountID', column: 'AccountID' },
    Invoice: { id: 'InvoiceID', column: 'InvoiceID' },
    CreditNote: { id: 'CreditNoteID', column: 'CreditNoteID' },
    Prepayment: { id: 'PrepaymentID', column: 'PrepaymentID' },
    Overpayment: { id: 'OverpaymentID', column: 'OverpaymentID' },
  },
  scopes: ['accounting.payments.read|accounting.transactions.read'],
  columns: {
    PaymentType: column.string,
    Status: column.string,
    Date: column.date,
    Amount: column.number,
    BankAmount: column.number,
    CurrencyRate: column.number,
    Reference: column.string,
    IsReconciled: column.boolean,
    HasAccount: column.boolean,
    AccountID: column.string,
    InvoiceID: column.string,
    CreditNoteID: column.string,
    PrepaymentID: column.string,
    OverpaymentID: column.string,
    BatchPaymentID: column.string,
    BatchPayment: column.object,
    BankAccountNumber: column.string,
    Particulars: column.string,
    Details: column.string,
    UpdatedDateUTC: column.dateTime,
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
