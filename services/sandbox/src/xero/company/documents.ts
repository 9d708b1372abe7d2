import type { Random } from '../../random.ts';
import type { Tree } from '../api/tree.ts';
import { bankTransfers, batchPayments } from '../kinds/bank.ts';
import { creditNotes, overpayments, prepayments } from '../kinds/credits.ts';
import { budgets, contactGroups, linkedTransactions } from '../kinds/groups.ts';
import { type Company, type Documents, GONE, type Kind } from '../kinds/kind.ts';
import { manualJournals } from '../kinds/manual-journals.ts';
import { purchaseOrders, quotes, repeatingInvoices } from '../kinds/orders.ts';
import { brandingThemes, currencies, items, taxRates, trackingCategories, users } from '../kinds/settings.ts';
import { Collection } from './collection.ts';

/** Every kind of object besides the organisation, accounts, contacts, invoices, payments and bank transactions. */
export const KINDS = [
  creditNotes,
  manualJournals,
  trackingCategories,
  bankTransfers,
  overpayments,
  prepayments,
  batchPayments,
  items,
  taxRates,
  currencies,
  purchaseOrders,
  quotes,
  budgets,
  repeatingInvoices,
  users,
  brandingThemes,
  contactGroups,
  linkedTransactions,
] as const satisfies readonly Kind[];

export interface DocumentsOptions {
  deals: number;
  salt: () => number;
  randomFor: (row: number, salt: number) => Random;
  updatedAt: (row: number, count: number) => number;
  onChange: (kind: Kind, row: number, before: Tree | undefined, after: Tree, at: number) => void;
}

/** The objects of every kind, by the kind's name. */
export function makeDocuments(books: Company, options: DocumentsOptions): ReadonlyMap<string, Documents> {
  const documents = new Map<string, Documents>();
  for (const kind of KINDS as readonly Kind[]) {
    const count = kind.count(options.deals);
    const salt = options.salt();
    const collection = new Collection<Tree>({
      count,
      salt,
      generate: (row) => kind.make(options.randomFor(row, salt), row, books),
      updatedAt: (row) => options.updatedAt(row, count),
      onChange: (row, before, after, at) => options.onChange(kind, row, before, after, at),
    });
    documents.set(kind.name, { kind, collection });
  }
  return documents;
}

/** The id of an object: its GUID, or what its kind has instead. */
export function documentId({ kind, collection }: Documents, row: number): string {
  return kind.keyOf ? kind.keyOf(collection.get(row)) : collection.guids.of(row);
}

/** The rows that the API knows of. */
export function* liveRows({ collection }: Documents): Generator<number> {
  for (let row = 0; row < collection.count; row += 1) if (collection.get(row)[GONE] !== true) yield row;
}
