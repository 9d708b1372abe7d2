import type { Random } from '../../random.ts';
import { GOODS } from '../names.ts';

/** A line of an invoice or of a bank transaction. Prices exclude tax. */
export interface Line {
  /** Unique within its document, for ever: a line that replaces another has an id of its own. */
  part: number;
  description: string;
  /** In ten-thousandths. */
  quantity: number;
  /** In ten-thousandths of the currency unit. */
  unitAmount: number;
  /** Row in the chart of accounts. */
  account: number;
  isTaxed: boolean;
  /** Index of the tracking option (region), if the line is tracked. */
  region?: number;
}

/** Money in cents. */
export interface Totals {
  subTotal: number;
  totalTax: number;
  total: number;
}

const TAX_PERCENT = 15;

export function makeLine(random: Random, part: number, accounts: readonly number[]): Line {
  return {
    part,
    description: random.pick(GOODS),
    quantity: random.chance(0.2) ? random.integer(5_000, 95_000) : random.integer(1, 20) * 10_000,
    unitAmount: random.chance(0.1) ? random.integer(10_000, 9_999_999) : random.integer(500, 99_999) * 100,
    account: random.pick(accounts),
    isTaxed: random.chance(0.85),
    ...(random.chance(0.3) ? { region: random.integer(0, 3) } : {}),
  };
}

export function makeLines(random: Random, count: number, accounts: readonly number[]): Line[] {
  return Array.from({ length: count }, (_, part) => makeLine(random, part, accounts));
}

/** In cents. */
export function lineAmount(line: Line): number {
  return Math.round((line.quantity * line.unitAmount) / 1_000_000);
}

/** In cents. */
export function lineTax(line: Line): number {
  return line.isTaxed ? Math.round((lineAmount(line) * TAX_PERCENT) / 100) : 0;
}

export function totals(lines: readonly Line[]): Totals {
  const subTotal = lines.reduce((sum, line) => sum + lineAmount(line), 0);
  const totalTax = lines.reduce((sum, line) => sum + lineTax(line), 0);
  return { subTotal, totalTax, total: subTotal + totalTax };
}
