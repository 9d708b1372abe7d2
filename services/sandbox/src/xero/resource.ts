import type { Collection } from './collection.ts';
import type { Comparable } from './where.ts';

/** How an item is written. */
export interface Writing {
  /** Decimal places of unit prices: 2, or 4 on request. */
  unitPlaces: 2 | 4;
  /** Lists without `page` leave line items out. */
  hasLines: boolean;
  /** `summaryOnly=true`: without the fields that are dear to compute. */
  isSummary: boolean;
}

export interface Field<Item> {
  read: (item: Item, row: number) => Comparable;
  /** Fit for filters on large organisations. */
  isOptimised?: boolean;
}

/** An endpoint that lists objects of one kind. */
export interface Resource<Item> {
  /** `Invoices`: the path and the name of the list in the answer. */
  name: string;
  /** `Invoice`: in error texts. */
  typeName: string;
  idField: string;
  collection: Collection<Item>;
  /** Any one of these scopes suffices. */
  scopes: readonly string[];
  /** False: the whole set in one answer, whatever `page` says. */
  isPaged: boolean;
  /** Hidden unless `includeArchived=true`. */
  isArchived?: (item: Item) => boolean;
  /** What `where` and `order` know. */
  fields: Record<string, Field<Item>>;
  /** Query parameters that filter by a comma-separated list, and the field each looks at. */
  listFilters: Record<string, string>;
  write: (row: number, writing: Writing) => Record<string, unknown>;
}
