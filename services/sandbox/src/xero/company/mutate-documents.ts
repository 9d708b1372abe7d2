import type { Random } from '../../random.ts';
import { Day } from '../api/tree.ts';
import { GONE } from '../kinds/kind.ts';
import type { Books } from './books.ts';
import { money } from './decimal.ts';
import { DAY_MS } from './history.ts';
import type { Credit } from './invoice.ts';
import { cents } from './posting.ts';

/** Random picks before a change is given up. */
const PICKS_MAX = 50;

/** Sets a part of a credit note, overpayment or prepayment off against an invoice of the same side. Both change with it. */
export function allocateCredit(books: Books, random: Random, at: number): string | undefined {
  const list = random.pick(['CreditNotes', 'CreditNotes', 'Overpayments', 'Prepayments'] as const);
  return allocate(
    books,
    list,
    random.integer(0, books.document(list).count - 1),
    random.integer(0, books.invoices.count - 1),
    at,
  );
}

/** The first day's allocations: some credits are used up when the company opens. */
export function settleWithCredits(books: Books): void {
  for (const list of ['CreditNotes', 'Overpayments', 'Prepayments'] as const) {
    for (let row = 0; row < Math.min(books.document(list).count, SETTLED_CREDITS); row += 1) {
      for (let attempt = 0; attempt < PICKS_MAX; attempt += 1) {
        if (allocate(books, list, row, (row * PICKS_MAX + attempt) % books.invoices.count, books.history.end)) break;
      }
    }
  }
}

const SETTLED_CREDITS = 5;

function allocate(books: Books, list: Credit['list'], row: number, invoiceRow: number, at: number): string | undefined {
  const credits = books.document(list);
  const tree = credits.get(row);
  const invoice = books.invoices.get(invoiceRow);
  const remaining = cents(tree['RemainingCredit']);
  const due = books.amountDue(invoice);
  const isSale = tree['Type'] === 'ACCRECCREDIT' || String(tree['Type']).startsWith('RECEIVE');
  const fits =
    tree['Status'] === 'AUTHORISED' && invoice.status === 'AUTHORISED' && isSale === (invoice.type === 'ACCREC');
  if (!fits || remaining <= 0 || due <= 0 || invoice.currency !== 'NZD') return undefined;
  const amount = Math.min(remaining, due);
  const before = Array.isArray(tree['Allocations']) ? tree['Allocations'] : [];
  const allocation = {
    AllocationID: credits.guids.of(row, ALLOCATION_PART + before.length),
    Amount: money(amount),
    Date: new Day(today(at)),
    Invoice: { InvoiceID: books.invoices.guids.of(invoiceRow), InvoiceNumber: invoice.number },
    IsDeleted: false,
  };
  const rest = { RemainingCredit: money(remaining - amount), Status: remaining === amount ? 'PAID' : 'AUTHORISED' };
  credits.change(row, { Allocations: [...before, allocation], ...rest }, at);
  const number = tree['CreditNoteNumber'];
  const credit: Credit = {
    list,
    id: credits.guids.of(row),
    number: typeof number === 'string' ? number : undefined,
    amount,
    date: today(at),
  };
  const isPaid = amount === due;
  const settled = isPaid ? { status: 'PAID' as const, fullyPaidOn: today(at) } : {};
  books.invoices.change(invoiceRow, { credits: [...invoice.credits, credit], ...settled }, at);
  return `allocated a part of ${list} ${credit.id}`;
}

/** Parts of a credit from here on are allocations: no document has so many lines. */
const ALLOCATION_PART = 1_000;

/** A change of one of the further kinds: a new object, or what a person may do to one. */
export function changeDocument(books: Books, random: Random, at: number): string | undefined {
  const { kind, collection } = random.pick([...books.documents.values()]);
  if (!kind.isFixed && random.chance(0.3)) {
    const row = collection.count;
    const made = kind.make(random.fork(), row, books);
    collection.add(made, at);
    return `created one of ${kind.name}: ${collection.guids.of(row)}`;
  }
  if (kind.changes.length === 0) return undefined;
  const row = random.integer(0, collection.count - 1);
  const tree = collection.get(row);
  const change = tree[GONE] === true ? undefined : random.pick(kind.changes)(random, tree, books);
  if (change === undefined) return undefined;
  collection.change(row, change, at);
  return `changed one of ${kind.name}: ${collection.guids.of(row)}`;
}

function today(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}
