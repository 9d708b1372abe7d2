import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { REPLICATION_KEY, readIncrementally } from '../incremental.ts';
import { lineItemsOf, withoutLineItems } from '../line-items.ts';
import { type PagedList, readPages } from '../pages.ts';
import { toRecord, withIds } from '../record.ts';
import type { XeroSettings } from '../settings.ts';

/** `unitdp`: unit prices with four places instead of two. */
const list: PagedList = { name: 'Invoices', id: 'InvoiceID', query: { includeArchived: true, unitdp: 4 } };

const lineItems = lineItemsOf('invoice_line_items', 'InvoiceID');

/** Sales invoices (ACCREC) and bills (ACCPAY). Deleted and voided ones stay, with their status. */
export const invoices = defineStream<XeroSettings>({
  name: 'invoices',
  keyProperties: ['InvoiceID'],
  replication: { method: 'INCREMENTAL', key: REPLICATION_KEY },
  schema: objectSchema({
    InvoiceID: column.key,
    Type: column.string,
    Status: column.string,
    InvoiceNumber: column.string,
    Reference: column.string,
    ContactID: column.string,
    Date: column.date,
    DueDate: column.date,
    ExpectedPaymentDate: column.date,
    PlannedPaymentDate: column.date,
    FullyPaidOnDate: column.date,
    LineAmountTypes: column.string,
    SubTotal: column.number,
    TotalTax: column.number,
    Total: column.number,
    TotalDiscount: column.number,
    AmountDue: column.number,
    AmountPaid: column.number,
    AmountCredited: column.number,
    CISDeduction: column.number,
    CISRate: column.number,
    CurrencyCode: column.string,
    CurrencyRate: column.number,
    BrandingThemeID: column.string,
    RepeatingInvoiceID: column.string,
    Url: column.string,
    SentToContact: column.boolean,
    IsDiscounted: column.boolean,
    HasAttachments: column.boolean,
    Payments: column.array,
    CreditNotes: column.array,
    Prepayments: column.array,
    Overpayments: column.array,
    InvoiceAddresses: column.array,
    UpdatedDateUTC: column.dateTime,
  }),
  children: [lineItems.shape],
  read: (context) =>
    readIncrementally(context, {
      stream: 'invoices',
      rows: (modifiedSince) => readPages(context, list, modifiedSince),
      recordOf: invoiceRecord,
      child: lineItems,
    }),
});

function invoiceRecord(row: JsonObject): JsonObject {
  return withIds(toRecord(withoutLineItems(row)), { Contact: { id: 'ContactID', column: 'ContactID' } });
}
