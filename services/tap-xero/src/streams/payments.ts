import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { REPLICATION_KEY, readIncrementally } from '../incremental.ts';
import { type PagedList, readPages } from '../pages.ts';
import { toRecord, withIds } from '../record.ts';
import type { XeroSettings } from '../settings.ts';

const list: PagedList = { name: 'Payments', id: 'PaymentID' };

/** Payments of invoices, bills, credit notes, prepayments and overpayments. Deleted ones stay, with their status. */
export const payments = defineStream<XeroSettings>({
  name: 'payments',
  keyProperties: ['PaymentID'],
  replication: { method: 'INCREMENTAL', key: REPLICATION_KEY },
  schema: objectSchema({
    PaymentID: column.key,
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
  }),
  read: (context) =>
    readIncrementally(context, {
      stream: 'payments',
      rows: (modifiedSince) => readPages(context, list, modifiedSince),
      recordOf: paymentRecord,
    }),
});

function paymentRecord(row: JsonObject): JsonObject {
  return withIds(toRecord(row), {
    Account: { id: 'AccountID', column: 'AccountID' },
    Invoice: { id: 'InvoiceID', column: 'InvoiceID' },
    CreditNote: { id: 'CreditNoteID', column: 'CreditNoteID' },
    Prepayment: { id: 'PrepaymentID', column: 'PrepaymentID' },
    Overpayment: { id: 'OverpaymentID', column: 'OverpaymentID' },
  });
}
