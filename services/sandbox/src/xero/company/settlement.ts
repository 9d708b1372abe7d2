import { scramble } from './scramble.ts';

/** What becomes of an invoice, by its place in a block of ten. In each block seven payments settle five invoices in full
 *  and one in part; three stay open; one is not (or no longer) owed. */
export type Fate = 'paid' | 'paid-twice' | 'part-paid' | 'open' | 'not-owed';

const FATES: readonly Fate[] = [
  'paid',
  'paid',
  'paid',
  'paid',
  'paid-twice',
  'part-paid',
  'open',
  'open',
  'open',
  'not-owed',
];

const INVOICES_PER_BLOCK = FATES.length;

/** Payment 0..6 of a block: which place in the block it pays, and whether it is that invoice's first or second payment. */
const PAYMENTS = FATES.flatMap((fate, place) =>
  Array.from({ length: paymentsOf(fate) }, (_, ordinal) => ({ place, ordinal })),
);

function paymentsOf(fate: Fate): number {
  if (fate === 'paid-twice') return 2;
  return fate === 'paid' || fate === 'part-paid' ? 1 : 0;
}

/** Number of invoices and payments nearest to the wished number of invoices: whole blocks. */
export function settledBooks(invoices: number): { invoices: number; payments: number } {
  const blocks = Math.max(1, Math.round(invoices / INVOICES_PER_BLOCK));
  return { invoices: blocks * INVOICES_PER_BLOCK, payments: blocks * PAYMENTS.length };
}

/** What becomes of an original invoice, and the rows of its payments. */
export function fateOf(invoice: number): { fate: Fate; payments: number[] } {
  const block = Math.floor(invoice / INVOICES_PER_BLOCK);
  const place = (invoice + scramble(block)) % INVOICES_PER_BLOCK;
  const payments = PAYMENTS.flatMap((payment, slot) =>
    payment.place === place ? [block * PAYMENTS.length + slot] : [],
  );
  return { fate: FATES[place] ?? 'open', payments };
}

/** The invoice that an original payment pays. The inverse of {@link fateOf}. */
export function paidBy(payment: number): { invoice: number; ordinal: number } {
  const block = Math.floor(payment / PAYMENTS.length);
  const { place, ordinal } = PAYMENTS[payment % PAYMENTS.length] ?? { place: 0, ordinal: 0 };
  const first = block * INVOICES_PER_BLOCK;
  const shift = (first + scramble(block)) % INVOICES_PER_BLOCK;
  return { invoice: first + ((place - shift + INVOICES_PER_BLOCK) % INVOICES_PER_BLOCK), ordinal };
}

/** The amounts, in cents, of the payments of an invoice over `total` cents. */
export function amountsOf(fate: Fate, total: number): number[] {
  if (fate === 'paid') return [total];
  if (fate === 'part-paid') return [Math.ceil(total / 3)];
  if (fate !== 'paid-twice') return [];
  const first = Math.ceil(total * 0.4);
  return [first, total - first];
}
