import { column } from '@pipeline/singer';
import { CONTACT_REFERENCE, TOTALS } from '../records/columns.ts';
import { lineTables } from '../records/lines.ts';
import { documentStream } from './document-stream.ts';

const SCOPES = ['accounting.invoices.read|accounting.transactions.read'];

const COMMON = {
  ContactID: column.string,
  Status: column.string,
  Reference: column.string,
  LineAmountTypes: column.string,
  CurrencyCode: column.string,
  BrandingThemeID: column.string,
  ...TOTALS,
};

/** Orders to suppliers. */
export const purchaseOrders = documentStream({
  stream: 'purchase_orders',
  name: 'PurchaseOrders',
  id: 'PurchaseOrderID',
  pace: 'hourly',
  paging: 'pages',
  replicationKey: 'UpdatedDateUTC',
  references: CONTACT_REFERENCE,
  without: ['LineItems'],
  scopes: SCOPES,
  children: lineTables('purchase_order', 'PurchaseOrderID'),
  columns: {
    ...COMMON,
    PurchaseOrderNumber: column.string,
    Date: column.date,
    DeliveryDate: column.date,
    ExpectedArrivalDate: column.date,
    DeliveryAddress: column.string,
    AttentionTo: column.string,
    Telephone: column.string,
    DeliveryInstructions: column.string,
    CurrencyRate: column.number,
    TotalDiscount: column.number,
    SentToContact: column.boolean,
    HasAttachments: column.boolean,
    UpdatedDateUTC: column.dateTime,
  },
});

/** Offers to customers: a hundred a page, and no word of how many there are. */
export const quotes = documentStream({
  stream: 'quotes',
  name: 'Quotes',
  id: 'QuoteID',
  pace: 'hourly',
  paging: 'pages',
  page: { hasPageSize: false },
  replicationKey: 'UpdatedDateUTC',
  references: CONTACT_REFERENCE,
  without: ['LineItems'],
  scopes: SCOPES,
  children: lineTables('quote', 'QuoteID'),
  columns: {
    ...COMMON,
    QuoteNumber: column.string,
    Title: column.string,
    Summary: column.string,
    Terms: column.string,
    Date: column.date,
    ExpiryDate: column.date,
    CurrencyRate: column.number,
    TotalDiscount: column.number,
    UpdatedDateUTC: column.dateTime,
  },
});

/** Templates from which invoices are made. They have no modified date. */
export const repeatingInvoices = documentStream({
  stream: 'repeating_invoices',
  name: 'RepeatingInvoices',
  id: 'RepeatingInvoiceID',
  pace: 'slow',
  paging: 'whole',
  references: CONTACT_REFERENCE,
  without: ['LineItems', 'ID'],
  scopes: SCOPES,
  deletes: 'whole read',
  children: lineTables('repeating_invoice', 'RepeatingInvoiceID'),
  columns: {
    ...COMMON,
    Type: column.string,
    Schedule: column.object,
    ApprovedForSending: column.boolean,
    SendCopy: column.boolean,
    MarkAsSent: column.boolean,
    IncludePDF: column.boolean,
    HasAttachments: column.boolean,
  },
});

/** Costs that are charged on to a customer. The list cannot be ordered, so longer ones are walked twice. */
export const linkedTransactions = documentStream({
  stream: 'linked_transactions',
  name: 'LinkedTransactions',
  id: 'LinkedTransactionID',
  pace: 'slow',
  paging: 'pages',
  page: { hasPageSize: false, hasOrder: false },
  scopes: SCOPES,
  deletes: 'whole read',
  columns: {
    SourceTransactionID: column.string,
    SourceLineItemID: column.string,
    TargetTransactionID: column.string,
    TargetLineItemID: column.string,
    ContactID: column.string,
    Status: column.string,
    Type: column.string,
    SourceTransactionTypeCode: column.string,
    UpdatedDateUTC: column.dateTime,
  },
});
