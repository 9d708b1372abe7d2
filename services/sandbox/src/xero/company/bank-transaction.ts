import type { Random } from '../../random.ts';
import { REFERENCES } from '../names.ts';
import { BANK_ACCOUNTS, COST_ACCOUNTS, SALES_ACCOUNTS } from './chart.ts';
import { type Line, makeLines } from './line.ts';

export interface BankTransaction {
  type: 'RECEIVE' | 'SPEND';
  status: 'AUTHORISED' | 'DELETED';
  contact: number;
  bankAccount: number;
  /** Midnight UTC, epoch milliseconds. */
  date: number;
  reference: string;
  lines: readonly Line[];
  isReconciled: boolean;
}

export function makeBankTransaction(random: Random, date: number, contact: number): BankTransaction {
  const isSpent = random.chance(0.75);
  return {
    type: isSpent ? 'SPEND' : 'RECEIVE',
    status: random.chance(0.03) ? 'DELETED' : 'AUTHORISED',
    contact,
    bankAccount: random.pick(BANK_ACCOUNTS),
    date,
    reference: random.pick(REFERENCES),
    lines: makeLines(random, random.integer(1, 2), isSpent ? COST_ACCOUNTS : SALES_ACCOUNTS),
    isReconciled: random.chance(0.7),
  };
}
