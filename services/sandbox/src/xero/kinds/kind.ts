import type { Random } from '../../random.ts';
import type { Tree } from '../api/tree.ts';
import type { BankTransaction } from '../company/bank-transaction.ts';
import type { Account } from '../company/chart.ts';
import type { Collection } from '../company/collection.ts';
import type { Contact } from '../company/contact.ts';
import type { History } from '../company/history.ts';
import type { Invoice } from '../company/invoice.ts';
import type { Payment } from '../company/payment.ts';

/** What an organisation holds: its kinds of objects refer to each other by row. */
export interface Company {
  readonly history: History;
  readonly accounts: Collection<Account>;
  readonly contacts: Collection<Contact>;
  readonly invoices: Collection<Invoice>;
  readonly payments: Collection<Payment>;
  readonly bankTransactions: Collection<BankTransaction>;
  readonly documents: ReadonlyMap<string, Documents>;
}

/** The objects of one kind. */
export interface Documents {
  kind: Kind;
  collection: Collection<Tree>;
}

/** Objects of one kind whose form the specification's examples show: how they are made, listed, changed, and what of them a warehouse holds. */
export interface Kind {
  /** `CreditNotes`: path and name of the list. */
  name: string;
  /** `CreditNote`: in error texts. */
  typeName: string;
  /** Property that identifies an object. A GUID unless `keyOf` says otherwise. */
  idField: string;
  /** The id, of kinds that have no GUID. */
  keyOf?: (tree: Tree) => string;
  /** A property that the path accepts in the place of the id: `PurchaseOrderNumber`. */
  numberField?: string;
  /** Name of the tap's stream. */
  stream: string;
  scopes: readonly string[];
  /** `pages`: `page` and `pageSize` with an envelope; `hundreds`: `page` alone, 100 a page, without one; `whole`: one response, `page` is ignored. */
  paging: 'pages' | 'hundreds' | 'whole';
  /** Query parameters besides those of paging. */
  parameters: readonly string[];
  hasModifiedSince: boolean;
  /** Property that holds when the object was last changed, and whether a text stands beside it. */
  updated?: { field: 'UpdatedDateUTC' | 'CreatedDateUTC'; hasTwin: boolean };
  /** Hidden unless the parameter is `true`. */
  hidden?: { unless: 'includeArchived' | 'includeDeleted'; is: (tree: Tree) => boolean };
  /** Properties that lists leave out and single objects have: the empty value that lists show. */
  onlySingle?: Tree;
  /** @param deals size of the company */
  count: (deals: number) => number;
  make: (random: Random, row: number, books: Company) => Tree;
  /** What a person may do to an object. Undefined: this one is not fit for it. */
  changes: ((random: Random, tree: Tree, books: Company) => Tree | undefined)[];
  /** Objects of this kind are never added after the first day. */
  isFixed?: boolean;
  /** Objects that become ids in the warehouse. */
  references?: Record<string, { id: string; column: string }>;
  children?: Child[];
}

/** A list inside an object that is a table of its own. */
export interface Child {
  property: string;
  stream: string;
  /** Columns that identify a row, besides the tenant and the parent's. Without an id of their own: `LineNumber`, the place in the list. */
  key: string[];
  /** Column that holds the parent's id. @default the parent's `idField` */
  parentColumn?: string;
  references?: Record<string, { id: string; column: string }>;
  /** Name of the table of each row's `Tracking`. */
  tracking?: { stream: string; property: string };
  /** One row of the list as several of the table. */
  spread?: (row: Tree) => Tree[];
}

/** Marks what a person removed and the API no longer shows in any way. */
export const GONE = 'isGone';
