import type { Random } from '../../random.ts';
import { Day, type Tree } from '../api/tree.ts';
import { decimal } from '../company/decimal.ts';
import { Guids } from '../company/guid.ts';
import { DAY_MS } from '../company/history.ts';
import type { Company, Kind } from './kind.ts';
import { CONTACT, contactTree, drawLines, lineItems, lineTrees, totalFields } from './lines.ts';

const SCOPES = ['accounting.invoices', 'accounting.transactions'];

/** Ids of lines: any number will do, as long as no two lines of a kind share it. */
const LINE_IDS = { order: 0x51ed_270b, quote: 0x2c1b_3c6d, repeating: 0x297a_2d39 };

export const purchaseOrders: Kind = {
  name: 'PurchaseOrders',
  typeName: 'PurchaseOrder',
  idField: 'PurchaseOrderID',
  numberField: 'PurchaseOrderNumber',
  stream: 'purchase_orders',
  scopes: SCOPES,
  paging: 'pages',
  parameters: ['Status', 'DateFrom', 'DateTo', 'order'],
  hasModifiedSince: true,
  updated: { field: 'UpdatedDateUTC', hasTwin: false },
  count: (deals) => Math.max(5, Math.round(deals * 0.04)),
  make: (random, row, books) => ({
    PurchaseOrderNumber: `PO-${String(row + 1).padStart(4, '0')}`,
    ...ordered(books, random, row, LINE_IDS.order, false),
    DeliveryDate: random.chance(0.5) ? new Day(books.history.end + DAY_MS, true) : undefined,
    Status: random.pick(['DRAFT', 'SUBMITTED', 'AUTHORISED', 'BILLED', 'DELETED']),
    SentToContact: false,
    HasAttachments: false,
  }),
  changes: statusChanges(['AUTHORISED', 'BILLED', 'DELETED']),
  references: CONTACT,
  children: [lineItems('purchase_order', true)],
};

/** Without `pageSize` and without an envelope; spelled in capitals where invoices are not. */
export const quotes: Kind = {
  name: 'Quotes',
  typeName: 'Quote',
  idField: 'QuoteID',
  stream: 'quotes',
  scopes: SCOPES,
  paging: 'hundreds',
  parameters: ['DateFrom', 'DateTo', 'ExpiryDateFrom', 'ExpiryDateTo', 'ContactID', 'Status', 'order', 'QuoteNumber'],
  hasModifiedSince: true,
  updated: { field: 'UpdatedDateUTC', hasTwin: false },
  count: (deals) => Math.max(5, Math.round(deals * 0.06)),
  make: (random, row, books) => ({
    QuoteNumber: `QU-${String(row + 1).padStart(4, '0')}`,
    Terms: random.chance(0.5) ? 'Payable within 20 days' : '',
    ...ordered(books, random, row, LINE_IDS.quote, true),
    LineAmountTypes: 'EXCLUSIVE',
    ExpiryDate: new Day(books.history.end + random.integer(1, 40) * DAY_MS, true),
    Status: random.pick(['DRAFT', 'SENT', 'ACCEPTED', 'DECLINED', 'INVOICED']),
    Title: `Offer ${row + 1}`,
  }),
  changes: statusChanges(['SENT', 'ACCEPTED', 'DECLINED', 'DELETED']),
  references: CONTACT,
  children: [lineItems('quote', true)],
};

/** Without a modified date: read as a whole. */
export const repeatingInvoices: Kind = {
  name: 'RepeatingInvoices',
  typeName: 'RepeatingInvoice',
  idField: 'RepeatingInvoiceID',
  stream: 'repeating_invoices',
  scopes: SCOPES,
  paging: 'whole',
  parameters: ['where', 'order'],
  hasModifiedSince: false,
  count: (deals) => Math.max(3, Math.round(deals * 0.01)),
  make: (random, row, books) => {
    const { Date: _date, CurrencyRate: _rate, ...document } = ordered(books, random, row, LINE_IDS.repeating, true);
    return {
      Type: 'ACCREC',
      ...document,
      Schedule: {
        Period: random.integer(1, 3),
        Unit: random.pick(['MONTHLY', 'WEEKLY']),
        DueDate: random.integer(1, 30),
        DueDateType: 'DAYSAFTERBILLDATE',
        StartDate: new Day(books.history.dayOf(random.integer(0, 99), 100)),
        NextScheduledDate: new Day(books.history.end + random.integer(1, 28) * DAY_MS),
      },
      Status: random.pick(['DRAFT', 'AUTHORISED']),
      ApprovedForSending: false,
      HasAttachments: false,
    };
  },
  changes: statusChanges(['AUTHORISED', 'DELETED']),
  references: CONTACT,
  children: [lineItems('repeating_invoice', true)],
};

function ordered(books: Company, random: Random, row: number, lineIds: number, isSale: boolean): Tree {
  const lines = drawLines(random, isSale, true);
  return {
    Contact: contactTree(books, random.integer(0, books.contacts.originals - 1)),
    LineItems: lineTrees(books, lines, lineIdOf(lineIds, row)),
    Date: new Day(books.history.dayOf(random.integer(0, 999), 1_000), true),
    LineAmountTypes: 'Exclusive',
    Reference: random.chance(0.5) ? `Ref ${row + 1}` : '',
    CurrencyCode: 'NZD',
    CurrencyRate: decimal(1_000_000, 6),
    ...totalFields(lines),
  };
}

function lineIdOf(salt: number, row: number): (part: number) => string {
  const ids = new Guids(salt);
  return (part) => ids.of(row, part + 1);
}

/** Another status, another reference, or fewer lines than before. */
function statusChanges(statuses: string[]): Kind['changes'] {
  return [
    (random, tree) => (tree['Status'] === 'DELETED' ? undefined : { Status: random.pick(statuses) }),
    (random) => ({ Reference: `Edited ${random.integer(1, 999)}` }),
    (_random, tree) => {
      const { LineItems: lines } = tree;
      return Array.isArray(lines) && lines.length > 1 ? { LineItems: lines.slice(1) } : undefined;
    },
  ];
}
