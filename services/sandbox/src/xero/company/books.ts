import { Random } from '../../random.ts';
import type { Documents } from '../kinds/kind.ts';
import { type BankTransaction, makeBankTransaction } from './bank-transaction.ts';
import { type Account, BANK_ACCOUNTS, CHART } from './chart.ts';
import { Collection } from './collection.ts';
import { type Contact, contactRole, makeContact } from './contact.ts';
import { makeDocuments } from './documents.ts';
import { History } from './history.ts';
import { type Invoice, makeInvoice } from './invoice.ts';
import { accountRow, Ledger } from './ledger.ts';
import { totals } from './line.ts';
import { makeOrganisation, type Organisation } from './organisation.ts';
import type { Payment } from './payment.ts';
import { bankTransactionPosting, documentPosting, invoicePosting, paymentPosting } from './posting.ts';
import { scramble } from './scramble.ts';
import { amountsOf, fateOf, paidBy, settledBooks } from './settlement.ts';

export interface BooksOptions {
  deals: number;
  random: Random;
  /** Epoch milliseconds. */
  now: number;
  /** @default Sandbox Company */
  name?: string;
}

/** The accounting data of one organisation. Rows refer to each other by row number. */
export class Books {
  readonly history: History;
  readonly accounts: Collection<Account>;
  readonly contacts: Collection<Contact>;
  readonly invoices: Collection<Invoice>;
  readonly payments: Collection<Payment>;
  readonly bankTransactions: Collection<BankTransaction>;
  readonly documents: ReadonlyMap<string, Documents>;
  readonly ledger: Ledger;
  organisation: Organisation;
  /** Invoices made since the start, by contact. */
  readonly #newInvoices = new Map<number, number[]>();
  readonly #originalContacts: number;
  readonly #originalInvoices: number;
  readonly #seed: number;

  constructor({ deals, random, now, name }: BooksOptions) {
    const counts = settledBooks(deals);
    const salt = () => random.integer(0, 0xffff_ffff);
    this.#seed = salt();
    this.#originalContacts = Math.max(10, Math.round(deals * 0.3));
    this.#originalInvoices = counts.invoices;
    this.history = new History(now);
    this.organisation = makeOrganisation(salt(), this.history, name);
    this.accounts = new Collection({
      count: CHART.length,
      salt: salt(),
      generate: originalAccount,
      updatedAt: () => this.history.dayOf(0, 1),
    });
    this.contacts = new Collection({
      count: this.#originalContacts,
      salt: salt(),
      generate: (row) => makeContact(this.#randomFor(row, 'contact'), row),
      updatedAt: (row) => this.#original(row, this.#originalContacts),
    });
    this.invoices = new Collection({
      count: counts.invoices,
      salt: salt(),
      generate: (row) => this.#originalInvoice(row),
      updatedAt: (row) => this.#original(row, counts.invoices),
      onChange: (row, before, after, at) => {
        const [was, is] = [before && invoicePosting(before), invoicePosting(after)];
        this.ledger.change(this.invoices.guids.of(row), was, is, at);
      },
    });
    this.payments = new Collection({
      count: counts.payments,
      salt: salt(),
      generate: (row) => this.#originalPayment(row),
      updatedAt: (row) => this.#original(row, counts.payments),
      onChange: (row, before, after, at) => {
        const invoice = this.invoices.get(after.invoice);
        const [was, is] = [before && paymentPosting(before, invoice), paymentPosting(after, invoice)];
        this.ledger.change(this.payments.guids.of(row), was, is, at);
      },
    });
    const bankTransactions = Math.max(10, Math.round(deals * 0.5));
    this.bankTransactions = new Collection({
      count: bankTransactions,
      salt: salt(),
      generate: (row) => {
        const date = this.history.dayOf(row, bankTransactions);
        const random = this.#randomFor(row, 'bankTransaction');
        return makeBankTransaction(random, date, random.integer(0, this.#originalContacts - 1));
      },
      updatedAt: (row) => this.#original(row, bankTransactions),
      onChange: (row, before, after, at) => {
        const [was, is] = [before && bankTransactionPosting(before), bankTransactionPosting(after)];
        this.ledger.change(this.bankTransactions.guids.of(row), was, is, at);
      },
    });
    this.documents = makeDocuments(this, {
      deals,
      salt,
      randomFor: (row, salt) => new Random(scramble(scramble(row + this.#seed) ^ salt)),
      updatedAt: (row, count) => this.#original(row, count),
      onChange: (kind, row, before, after, at) => {
        const posting = (tree: typeof after) => documentPosting(kind.name, tree, accountRow);
        this.ledger.change(this.document(kind.name).guids.of(row), before && posting(before), posting(after), at);
      },
    });
    this.ledger = new Ledger(this, salt());
  }

  /** The objects of a kind. @throws RangeError */
  document(kind: string): Documents['collection'] {
    const documents = this.documents.get(kind);
    if (documents === undefined) throw new RangeError(`no ${kind}`);
    return documents.collection;
  }

  addInvoice(invoice: Invoice, at: number): number {
    const row = this.invoices.add(invoice, at);
    const invoices = this.#newInvoices.get(invoice.contact) ?? [];
    this.#newInvoices.set(invoice.contact, [...invoices, row]);
    return row;
  }

  invoicesOf(contact: number): number[] {
    const invoices: number[] = [];
    if (contact < this.#originalContacts) {
      for (let row = contact; row < this.#originalInvoices; row += this.#originalContacts) invoices.push(row);
    }
    return [...invoices, ...(this.#newInvoices.get(contact) ?? [])];
  }

  /** In cents: what payments that were not deleted have paid of an invoice. */
  amountPaid(invoice: Invoice): number {
    return this.livePayments(invoice).reduce((sum, row) => sum + this.payments.get(row).amount, 0);
  }

  /** In cents. */
  amountDue(invoice: Invoice): number {
    if (invoice.status === 'VOIDED' || invoice.status === 'DELETED') return 0;
    return totals(invoice.lines).total - this.amountPaid(invoice) - this.amountCredited(invoice);
  }

  /** In cents. */
  amountCredited(invoice: Invoice): number {
    return invoice.credits.reduce((sum, { amount }) => sum + amount, 0);
  }

  livePayments(invoice: Invoice): number[] {
    return invoice.payments.filter((row) => this.payments.get(row).status === 'AUTHORISED');
  }

  #originalInvoice(row: number): Invoice {
    const contact = row % this.#originalContacts;
    const { fate, payments } = fateOf(row);
    const invoice = makeInvoice(this.#randomFor(row, 'invoice'), {
      row,
      contact,
      role: contactRole(contact),
      currency: makeContact(this.#randomFor(contact, 'contact'), contact).currency,
      date: this.history.dayOf(row, this.#originalInvoices),
      fate,
    });
    const last = payments.at(-1);
    const isPaid = invoice.status === 'PAID' && last !== undefined;
    return { ...invoice, payments, fullyPaidOn: isPaid ? this.#paymentDate(last) : undefined };
  }

  #originalPayment(row: number): Payment {
    const { invoice, ordinal } = paidBy(row);
    const { lines } = this.#originalInvoice(invoice);
    const { fate } = fateOf(invoice);
    const random = this.#randomFor(row, 'payment');
    return {
      invoice,
      account: random.pick(BANK_ACCOUNTS),
      date: this.#paymentDate(row),
      amount: amountsOf(fate, totals(lines).total)[ordinal] ?? 0,
      reference: random.chance(0.4) ? `Payment ${row + 1}` : '',
      isReconciled: random.chance(0.6),
      status: 'AUTHORISED',
    };
  }

  #paymentDate(row: number): number {
    const { invoice, ordinal } = paidBy(row);
    const issued = this.history.dayOf(invoice, this.#originalInvoices);
    return this.history.daysAfter(issued, 3 + 20 * ordinal, 20 + 20 * ordinal, row);
  }

  #original(row: number, count: number): number {
    return this.history.instantAfter(this.history.dayOf(row, count), row);
  }

  #randomFor(row: number, kind: keyof typeof KINDS): Random {
    return new Random(scramble(scramble(row + this.#seed) ^ KINDS[kind]));
  }
}

/** Keeps the draws for row 1 of one kind apart from those for row 1 of another. */
const KINDS = { contact: 0x1000_0001, invoice: 0x2000_0003, payment: 0x3000_0005, bankTransaction: 0x4000_0007 };

function originalAccount(row: number): Account {
  const account = CHART[row];
  if (account === undefined) throw new RangeError(`no account ${row}`);
  return account;
}
