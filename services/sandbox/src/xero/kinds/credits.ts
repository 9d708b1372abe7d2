import type { Random } from '../../random.ts';
import { Day, type Tree } from '../api/tree.ts';
import { decimal, money } from '../company/decimal.ts';
import type { Company, Kind } from './kind.ts';
import { allocations, CONTACT, contactTree, drawLines, lineItems, lineTrees, totalFields } from './lines.ts';

/** Documents whose amount is set off against invoices. Their lines carry no id in the specification's examples. */
const SCOPES = ['accounting.invoices', 'accounting.transactions'];
const PAYMENT_SCOPES = ['accounting.payments', 'accounting.transactions'];
const PAGED = ['where', 'order', 'unitdp'];

export const creditNotes: Kind = {
  name: 'CreditNotes',
  typeName: 'CreditNote',
  idField: 'CreditNoteID',
  numberField: 'CreditNoteNumber',
  stream: 'credit_notes',
  scopes: SCOPES,
  paging: 'pages',
  parameters: PAGED,
  hasModifiedSince: true,
  updated: { field: 'UpdatedDateUTC', hasTwin: true },
  count: (deals) => Math.max(6, Math.round(deals * 0.06)),
  make: (random, row, books) => {
    const isSale = random.chance(0.7);
    const status = random.pick(['AUTHORISED', 'AUTHORISED', 'AUTHORISED', 'DRAFT', 'VOIDED']);
    const document = credit(books, random, isSale, status);
    return {
      CreditNoteNumber: `CN-${String(row + 1).padStart(4, '0')}`,
      Type: isSale ? 'ACCRECCREDIT' : 'ACCPAYCREDIT',
      ...document,
      Payments: [],
      SentToContact: false,
      Reference: random.chance(0.4) ? `Return ${row + 1}` : undefined,
    };
  },
  changes: [
    (random, tree) =>
      tree['Status'] === 'DRAFT' ? { Status: 'AUTHORISED', Reference: `Agreed ${random.integer(1, 99)}` } : undefined,
    (_random, tree) => (tree['Status'] === 'DRAFT' ? { Status: 'DELETED' } : undefined),
    (random) => ({ Reference: `Edited ${random.integer(1, 999)}` }),
    voidUnused,
    relined(false),
  ],
  references: CONTACT,
  children: [lineItems('credit_note', false), allocations('credit_note')],
};

export const overpayments: Kind = prepaid('Overpayments', 'Overpayment', 'overpayment', ['References']);
export const prepayments: Kind = prepaid('Prepayments', 'Prepayment', 'prepayment', ['InvoiceNumbers']);

function prepaid(name: string, typeName: string, document: string, parameters: string[]): Kind {
  const suffix = typeName.toUpperCase();
  return {
    name,
    typeName,
    idField: `${typeName}ID`,
    stream: `${document}s`,
    scopes: PAYMENT_SCOPES,
    paging: 'pages',
    parameters: [...PAGED, ...parameters],
    hasModifiedSince: true,
    updated: { field: 'UpdatedDateUTC', hasTwin: true },
    count: (deals) => Math.max(3, Math.round(deals * 0.02)),
    make: (random, _row, books) => {
      const isSale = random.chance(0.6);
      return {
        Type: `${isSale ? 'RECEIVE' : 'SPEND'}-${suffix}`,
        ...credit(books, random, isSale, 'AUTHORISED'),
        Payments: [],
      };
    },
    changes: [(random) => ({ Reference: `Edited ${random.integer(1, 999)}` }), voidUnused],
    references: CONTACT,
    children: [lineItems(document, false), allocations(document)],
  };
}

/** A credit that nobody has used yet. */
function credit(books: Company, random: Random, isSale: boolean, status: string): Tree {
  const lines = drawLines(random, isSale);
  const totals = totalFields(lines);
  return {
    RemainingCredit: status === 'VOIDED' ? money(0) : totals['Total'],
    CurrencyRate: decimal(1_000_000, 6),
    HasAttachments: false,
    Allocations: [],
    Contact: contactTree(books, random.integer(0, books.contacts.originals - 1)),
    Date: new Day(books.history.dayOf(random.integer(0, 999), 1_000), true),
    Status: status,
    LineAmountTypes: 'Exclusive',
    LineItems: lineTrees(books, lines),
    ...totals,
    CurrencyCode: 'NZD',
  };
}

function voidUnused(_random: Random, tree: Tree): Tree | undefined {
  const { Allocations: used } = tree;
  const isUnused = tree['Status'] === 'AUTHORISED' && Array.isArray(used) && used.length === 0;
  return isUnused ? { Status: 'VOIDED', RemainingCredit: money(0) } : undefined;
}

/** Other lines than before: what stood at a place may stand at another, or nowhere. */
function relined(wholeCents: boolean) {
  return (random: Random, tree: Tree, books: Company): Tree | undefined => {
    if (tree['Status'] !== 'DRAFT') return undefined;
    const lines = drawLines(random, true, wholeCents);
    const totals = totalFields(lines);
    return {
      LineItems: lineTrees(books, lines),
      ...totals,
      ...(tree['RemainingCredit'] === undefined ? {} : { RemainingCredit: totals['Total'] }),
    };
  };
}
