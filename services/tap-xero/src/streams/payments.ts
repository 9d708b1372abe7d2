import { column } from '@pipeline/singer';
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
