import type { Tree } from '../api/tree.ts';
import type { Company } from '../kinds/kind.ts';
import type { BankTransaction } from './bank-transaction.ts';
import { CHART } from './chart.ts';
import type { Collection } from './collection.ts';
import { Guids } from './guid.ts';
import type { Invoice } from './invoice.ts';
import type { Payment } from './payment.ts';
import { bankTransactionPosting, documentPosting, invoicePosting, type Posting, paymentPosting } from './posting.ts';

/** One entry of the general ledger. Entries are only ever added: a change reverses the old entry and makes a new one. */
export interface Journal extends Posting {
  number: number;
  createdAt: number;
  sourceId: string;
}

/** Where the entries of the first day come from: the objects of a kind in the order of their rows, each with its own number. */
interface Source {
  count: number;
  posting: (row: number) => Posting | undefined;
  sourceId: (row: number) => string;
  createdAt: (row: number) => number;
}

/** Most rows of one response, as documented. */
export const JOURNALS_PER_PAGE = 100;

/** A larger company's entries are computed each time, so that they need no memory. */
const COMPUTED_MAX = 50_000;

/** The general ledger of an organisation, derived from its documents: what was there on the first day is computed when it is asked for, what
 *  happened since is kept. */
export class Ledger {
  readonly guids: Guids;
  readonly #sources: Source[];
  readonly #originals: number;
  readonly #added: Journal[] = [];
  /** Entries of the first day, by number, once they were computed: reports ask for all of them again and again. */
  readonly #computed = new Map<number, Journal | undefined>();

  constructor(books: Company, salt: number) {
    this.guids = new Guids(salt);
    this.#sources = sourcesOf(books);
    this.#originals = this.#sources.reduce((sum, { count }) => sum + count, 0);
  }

  /** Books the change of an object. */
  change(sourceId: string, before: Posting | undefined, after: Posting | undefined, at: number): void {
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    if (before !== undefined) this.#add(sourceId, { ...before, lines: before.lines.map(reversed) }, at);
    if (after !== undefined) this.#add(sourceId, after, at);
  }

  /** Entries with a greater number, the lowest first. */
  *after(offset: number): Generator<Journal> {
    for (let number = Math.max(1, offset + 1); number <= this.#originals + this.#added.length; number += 1) {
      const journal = this.get(number);
      if (journal !== undefined) yield journal;
    }
  }

  /** Undefined for a number that was never given. */
  get(number: number): Journal | undefined {
    if (number > this.#originals) return this.#added[number - this.#originals - 1];
    if (this.#computed.has(number)) return this.#computed.get(number);
    const journal = this.#original(number);
    if (this.#originals <= COMPUTED_MAX) this.#computed.set(number, journal);
    return journal;
  }

  #original(number: number): Journal | undefined {
    let row = number - 1;
    for (const source of this.#sources) {
      if (row < source.count) {
        const posting = source.posting(row);
        const own = { number, createdAt: source.createdAt(row), sourceId: source.sourceId(row) };
        return posting && { ...posting, ...own };
      }
      row -= source.count;
    }
    return undefined;
  }

  #add(sourceId: string, posting: Posting, at: number): void {
    this.#added.push({ ...posting, number: this.#originals + this.#added.length + 1, createdAt: at, sourceId });
  }
}

function reversed(line: Posting['lines'][number]): Posting['lines'][number] {
  return { ...line, net: -line.net, tax: -line.tax };
}

function sourcesOf(books: Company): Source[] {
  const of = <Item>(collection: Collection<Item>, posting: (item: Item) => Posting | undefined): Source => ({
    count: collection.originals,
    posting: (row) => posting(collection.original(row)),
    sourceId: (row) => collection.guids.of(row),
    createdAt: (row) => books.history.dayOf(row, collection.originals),
  });
  const documents = [...books.documents.values()].map(({ kind, collection }) =>
    of<Tree>(collection, (tree) => documentPosting(kind.name, tree, accountRow)),
  );
  return [
    of<Invoice>(books.invoices, invoicePosting),
    of<Payment>(books.payments, (payment) => paymentPosting(payment, books.invoices.original(payment.invoice))),
    of<BankTransaction>(books.bankTransactions, bankTransactionPosting),
    ...documents,
  ];
}

/** The row of an account by its code, which nobody changes. */
export function accountRow(code: unknown): number {
  return CHART.findIndex((account) => account.code === code);
}
