import type { Collection } from '../company/collection.ts';
import type { Comparable } from './where.ts';

/** How an item is written. */
export interface Writing {
  /** Decimal places of unit prices: 2, or 4 on request. */
  unitPlaces: 2 | 4;
  /** Lists without `page` leave line items out. */
  hasLines: boolean;
  /** `summaryOnly=true`: without the fields that are dear to compute. */
  isSummary: boolean;
  /** One object, asked for by its id. */
  isSingle: boolean;
}

export interface Field<Item> {
  read: (item: Item, row: number) => Comparable;
  /** Fit for filters on large organisations. */
  isOptimised?: boolean;
}

/** An endpoint that lists objects of one kind. */
export interface Resource<Item> {
  /** `Invoices`: the path and the name of the list in the response. */
  name: string;
  /** `Invoice`: in error texts. */
  typeName: string;
  idField: string;
  collection: Collection<Item>;
  /** Any one of these scopes suffices. */
  scopes: readonly string[];
  /** `pages`: with `pageSize` and an envelope; `hundreds`: 100 a page, without one; `whole`: the whole set in one response, whatever `page` says. */
  paging: 'pages' | 'hundreds' | 'whole';
  /** Lists come in pages of 100 even without `page`. */
  isPagingEnforced?: boolean;
  hasModifiedSince: boolean;
  /** Query parameters that the endpoint knows, besides those of paging. */
  parameters: readonly string[];
  /** Hidden unless the parameter is `true`. */
  hidden?: { unless: string; is: (item: Item) => boolean };
  /** Removed by a person, without a trace. */
  isGone?: (item: Item) => boolean;
  /** What the path accepts in the place of the id: a number, a code. */
  rowOfNumber?: (number: string) => number | undefined;
  /** What `where` and `order` know. */
  fields: Record<string, Field<Item>>;
  /** Query parameters that filter by a comma-separated list, and the field each looks at. */
  listFilters: Record<string, string>;
  write: (row: number, writing: Writing) => Record<string, unknown>;
}

/** The first row whose item is wanted. */
export function rowWhere<Item>(collection: Collection<Item>, isWanted: (item: Item) => boolean): number | undefined {
  for (let row = 0; row < collection.count; row += 1) if (isWanted(collection.get(row))) return row;
  return undefined;
}
