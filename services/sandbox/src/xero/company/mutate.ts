import type { Random } from '../../random.ts';
import { CITIES } from '../names.ts';
import { makeBankTransaction } from './bank-transaction.ts';
import type { Books } from './books.ts';
import { BANK_ACCOUNTS, COST_ACCOUNTS, SALES_ACCOUNTS } from './chart.ts';
import type { Collection } from './collection.ts';
import { makeContact } from './contact.ts';
import { DAY_MS } from './history.ts';
import { type Invoice, makeInvoice } from './invoice.ts';
import { makeLine } from './line.ts';
import { allocateCredit, changeDocument } from './mutate-documents.ts';

/** Tries to change something that a person at the organisation could change. Undefined: there was nothing fit for it. */
type Change = (books: Books, random: Random, at: number) => string | undefined;

/** Random picks before a change is given up. */
const PICKS_MAX = 50;

/** Makes one random change, and says what it was. */
export function mutateBooks(books: Books, random: Random, at: number): string {
  for (let attempt = 0; attempt < PICKS_MAX; attempt += 1) {
    const done = random.pick(CHANGES)(books, random, at);
    if (done !== undefined) return done;
  }
  return createInvoice(books, random, at);
}

function createInvoice(books: Books, random: Random, at: number): string {
  const contact = random.integer(0, books.contacts.count - 1);
  const { isCustomer, isSupplier, currency } = books.contacts.get(contact);
  const plan = { row: books.invoices.count, contact, role: { isCustomer, isSupplier }, currency, date: today(at) };
  const made = makeInvoice(random, { ...plan, fate: random.chance(0.5) ? 'open' : 'not-owed' });
  // Nobody enters an invoice only to void it at once.
  const isEntered = made.status === 'DRAFT' || made.status === 'SUBMITTED' || made.status === 'AUTHORISED';
  const invoice: Invoice = { ...made, status: isEntered ? made.status : 'DRAFT' };
  return `created invoice ${books.invoices.guids.of(books.addInvoice(invoice, at))}`;
}

/** Changes, adds and removes lines: a changed invoice has other line items than before. */
function editInvoice(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.invoices, random, (one) => isOpen(one) && isUnsettled(books, one));
  if (row === undefined) return undefined;
  const invoice = books.invoices.get(row);
  const accounts = invoice.type === 'ACCREC' ? SALES_ACCOUNTS : COST_ACCOUNTS;
  const kept = invoice.lines.filter(() => random.chance(0.7));
  const first = kept[0];
  const changed = first ? [{ ...makeLine(random, first.part, accounts) }, ...kept.slice(1)] : [];
  const added = random.chance(0.5) || changed.length === 0 ? [makeLine(random, invoice.nextPart, accounts)] : [];
  const reference = invoice.type === 'ACCREC' ? `Edited ${random.integer(1, 999)}` : '';
  const lines = [...changed, ...added];
  books.invoices.change(row, { lines, nextPart: invoice.nextPart + added.length, reference }, at);
  return `edited invoice ${books.invoices.guids.of(row)}`;
}

function authoriseInvoice(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.invoices, random, (one) => one.status === 'DRAFT' || one.status === 'SUBMITTED');
  if (row === undefined) return undefined;
  const { date, dueDate } = books.invoices.get(row);
  const dates = { date: date ?? today(at), dueDate: dueDate ?? today(at) + 30 * DAY_MS };
  books.invoices.change(row, { status: 'AUTHORISED', ...dates }, at);
  return `authorised invoice ${books.invoices.guids.of(row)}`;
}

/** In full or in part. The invoice changes with it. */
function payInvoice(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.invoices, random, (one) => one.status === 'AUTHORISED' && books.amountDue(one) > 0);
  if (row === undefined) return undefined;
  const invoice = books.invoices.get(row);
  const due = books.amountDue(invoice);
  const amount = random.chance(0.7) ? due : Math.ceil(due / 2);
  const payment = books.payments.add(
    {
      invoice: row,
      account: random.pick(BANK_ACCOUNTS),
      date: today(at),
      amount,
      reference: random.chance(0.5) ? `Paid ${random.integer(1, 9_999)}` : '',
      isReconciled: false,
      status: 'AUTHORISED',
    },
    at,
  );
  const isPaid = amount === due;
  const payments = [...invoice.payments, payment];
  books.invoices.change(row, isPaid ? { payments, status: 'PAID', fullyPaidOn: today(at) } : { payments }, at);
  return `paid ${isPaid ? '' : 'a part of '}invoice ${books.invoices.guids.of(row)}`;
}

/** A payment that was taken back stays with the status DELETED; its invoice is owed again. */
function deletePayment(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.payments, random, (one) => one.status === 'AUTHORISED');
  if (row === undefined) return undefined;
  const { invoice } = books.payments.get(row);
  books.payments.change(row, { status: 'DELETED', isReconciled: false }, at);
  books.invoices.change(invoice, { status: 'AUTHORISED', fullyPaidOn: undefined }, at);
  return `deleted payment ${books.payments.guids.of(row)}`;
}

function reconcilePayment(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.payments, random, (one) => one.status === 'AUTHORISED' && !one.isReconciled);
  if (row === undefined) return undefined;
  books.payments.change(row, { isReconciled: true }, at);
  return `reconciled payment ${books.payments.guids.of(row)}`;
}

function voidInvoice(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.invoices, random, (one) => one.status === 'AUTHORISED' && isUnsettled(books, one));
  if (row === undefined) return undefined;
  books.invoices.change(row, { status: 'VOIDED' }, at);
  return `voided invoice ${books.invoices.guids.of(row)}`;
}

function deleteDraft(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.invoices, random, (one) => one.status === 'DRAFT' || one.status === 'SUBMITTED');
  if (row === undefined) return undefined;
  books.invoices.change(row, { status: 'DELETED' }, at);
  return `deleted draft ${books.invoices.guids.of(row)}`;
}

function createContact(books: Books, random: Random, at: number): string {
  const row = books.contacts.add({ ...makeContact(random, books.contacts.count), status: 'ACTIVE' }, at);
  return `created contact ${books.contacts.guids.of(row)}`;
}

function editContact(books: Books, random: Random, at: number): string {
  const row = random.integer(0, books.contacts.count - 1);
  const [city, postalCode] = random.pick(CITIES);
  const name = `${books.contacts.get(row).name.replace(/ \(was renamed.*/, '')} (was renamed ${random.integer(1, 999)})`;
  books.contacts.change(row, random.chance(0.5) ? { city, postalCode } : { name }, at);
  return `edited contact ${books.contacts.guids.of(row)}`;
}

function archiveContact(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.contacts, random, (one) => one.status === 'ACTIVE');
  if (row === undefined) return undefined;
  books.contacts.change(row, { status: 'ARCHIVED' }, at);
  return `archived contact ${books.contacts.guids.of(row)}`;
}

function restoreContact(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.contacts, random, (one) => one.status === 'ARCHIVED');
  if (row === undefined) return undefined;
  books.contacts.change(row, { status: 'ACTIVE' }, at);
  return `restored contact ${books.contacts.guids.of(row)}`;
}

function createBankTransaction(books: Books, random: Random, at: number): string {
  const contact = random.integer(0, books.contacts.count - 1);
  const made = makeBankTransaction(random, today(at), contact);
  const row = books.bankTransactions.add({ ...made, status: 'AUTHORISED', isReconciled: false }, at);
  return `created bank transaction ${books.bankTransactions.guids.of(row)}`;
}

function reconcileBankTransaction(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.bankTransactions, random, (one) => one.status === 'AUTHORISED' && !one.isReconciled);
  if (row === undefined) return undefined;
  books.bankTransactions.change(row, { isReconciled: true }, at);
  return `reconciled bank transaction ${books.bankTransactions.guids.of(row)}`;
}

function deleteBankTransaction(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.bankTransactions, random, (one) => one.status === 'AUTHORISED');
  if (row === undefined) return undefined;
  books.bankTransactions.change(row, { status: 'DELETED', isReconciled: false }, at);
  return `deleted bank transaction ${books.bankTransactions.guids.of(row)}`;
}

function editAccount(books: Books, random: Random, at: number): string {
  const row = random.integer(0, books.accounts.count - 1);
  books.accounts.change(row, { description: `Described ${random.integer(1, 999)}` }, at);
  return `edited account ${books.accounts.guids.of(row)}`;
}

function archiveAccount(books: Books, random: Random, at: number): string | undefined {
  const row = pick(books.accounts, random, (one) => one.status === 'ACTIVE' && one.systemAccount === undefined);
  if (row === undefined || BANK_ACCOUNTS.includes(row)) return undefined;
  books.accounts.change(row, { status: 'ARCHIVED' }, at);
  return `archived account ${books.accounts.guids.of(row)}`;
}

function renameOrganisation(books: Books, random: Random): string {
  books.organisation = { ...books.organisation, legalName: `Sandbox Company Limited No. ${random.integer(1, 99)}` };
  return 'renamed the organisation';
}

/** As often as each comes up in a working company, roughly. */
const CHANGES: readonly Change[] = [
  ...times(5, createInvoice),
  ...times(5, editInvoice),
  ...times(4, authoriseInvoice),
  ...times(5, payInvoice),
  ...times(2, deletePayment),
  ...times(2, reconcilePayment),
  ...times(2, voidInvoice),
  ...times(2, deleteDraft),
  ...times(2, createContact),
  ...times(3, editContact),
  ...times(1, archiveContact),
  ...times(1, restoreContact),
  ...times(3, createBankTransaction),
  ...times(2, reconcileBankTransaction),
  ...times(1, deleteBankTransaction),
  ...times(1, editAccount),
  ...times(1, archiveAccount),
  ...times(1, renameOrganisation),
  ...times(4, allocateCredit),
  ...times(12, changeDocument),
];

function times(count: number, change: Change): Change[] {
  return Array.from({ length: count }, () => change);
}

function isUnsettled(books: Books, invoice: Invoice): boolean {
  return books.livePayments(invoice).length === 0 && invoice.credits.length === 0;
}

function isOpen(invoice: Invoice): boolean {
  return invoice.status === 'DRAFT' || invoice.status === 'SUBMITTED' || invoice.status === 'AUTHORISED';
}

function pick<Item>(collection: Collection<Item>, random: Random, isFit: (item: Item) => boolean): number | undefined {
  for (let attempt = 0; attempt < PICKS_MAX; attempt += 1) {
    const row = random.integer(0, collection.count - 1);
    if (isFit(collection.get(row))) return row;
  }
  return undefined;
}

function today(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}
