import type { Random } from '../../random.ts';
import { REFERENCES } from '../names.ts';
import { COST_ACCOUNTS, SALES_ACCOUNTS } from './chart.ts';
import type { Contact } from './contact.ts';
import { DAY_MS } from './history.ts';
import { type Line, makeLines } from './line.ts';
import type { Fate } from './settlement.ts';

type InvoiceStatus = 'DRAFT' | 'SUBMITTED' | 'AUTHORISED' | 'PAID' | 'VOIDED' | 'DELETED';

export interface Invoice {
  /** Receivable (a sales invoice) or payable (a bill). */
  type: 'ACCREC' | 'ACCPAY';
  status: InvoiceStatus;
  number: string;
  reference: string;
  contact: number;
  /** Midnight UTC, epoch milliseconds. Drafts may lack it. */
  date: number | undefined;
  dueDate: number | undefined;
  lines: readonly Line[];
  /** Part number of the next new line. */
  nextPart: number;
  currency: string;
  /** In millionths: units of the invoice's currency for one of the organisation's. */
  currencyRate: number;
  sentToContact: boolean;
  /** Rows of its payments, deleted ones too. */
  payments: readonly number[];
  fullyPaidOn: number | undefined;
  /** What was set off against it. */
  credits: readonly Credit[];
}

/** A part of a credit note, overpayment or prepayment that settles an invoice. */
export interface Credit {
  list: 'CreditNotes' | 'Overpayments' | 'Prepayments';
  id: string;
  number: string | undefined;
  /** In cents. */
  amount: number;
  /** Midnight UTC, epoch milliseconds. */
  date: number;
}

export interface InvoicePlan {
  row: number;
  contact: number;
  role: Pick<Contact, 'isCustomer' | 'isSupplier'>;
  currency: string | undefined;
  date: number;
  fate: Fate;
}

/** An invoice as its plan wants it, without its payments. */
export function makeInvoice(random: Random, plan: InvoicePlan): Invoice {
  const isSale = plan.role.isCustomer && (!plan.role.isSupplier || random.chance(0.5));
  const lines = makeLines(random, random.integer(1, 4), isSale ? SALES_ACCOUNTS : COST_ACCOUNTS);
  const status = statusOf(random, plan.fate);
  const isUndated = status === 'DRAFT' && random.chance(0.2);
  return {
    type: isSale ? 'ACCREC' : 'ACCPAY',
    status,
    number: isSale ? `INV-${String(plan.row + 1).padStart(6, '0')}` : billNumber(random),
    reference: isSale ? random.pick(REFERENCES) : '',
    contact: plan.contact,
    date: isUndated ? undefined : plan.date,
    dueDate: isUndated ? undefined : dueDateOf(random, plan.date),
    lines,
    nextPart: lines.length,
    currency: plan.currency ?? 'NZD',
    currencyRate: rateOf(random, plan.currency),
    sentToContact: isSale && (status === 'PAID' || random.chance(0.5)),
    payments: [],
    fullyPaidOn: undefined,
    credits: [],
  };
}

function statusOf(random: Random, fate: Fate): InvoiceStatus {
  if (fate === 'paid' || fate === 'paid-twice') return 'PAID';
  if (fate === 'not-owed') return random.pick(['DRAFT', 'DRAFT', 'SUBMITTED', 'VOIDED', 'DELETED']);
  return 'AUTHORISED';
}

/** Suppliers number their bills as they like, or not at all. */
function billNumber(random: Random): string {
  return random.chance(0.1) ? '' : `${random.pick(['B', 'RPT', 'Tax '])}${random.integer(100, 99_999)}`;
}

/** Now and then somebody mistypes the year: such dates lie before 1970 and are negative on the wire. */
function dueDateOf(random: Random, date: number): number {
  if (random.chance(0.002)) return Date.UTC(1925, random.integer(0, 11), random.integer(1, 28));
  return date + random.pick([7, 14, 20, 30, 30, 30, 60]) * DAY_MS;
}

function rateOf(random: Random, currency: string | undefined): number {
  if (currency === 'USD') return random.integer(560_000, 650_000);
  return currency === 'AUD' ? random.integer(880_000, 940_000) : 1_000_000;
}
