import { Day, type Tree } from '../api/tree.ts';
import type { BankTransaction } from './bank-transaction.ts';
import { CHART } from './chart.ts';
import type { Invoice } from './invoice.ts';
import { type Line, lineAmount, lineTax } from './line.ts';
import type { Payment } from './payment.ts';

/** What a document does to the accounts. The lines add up to nothing. */
export interface Posting {
  sourceType: string;
  /** Midnight UTC, epoch milliseconds. */
  date: number;
  /** Whether it moves money: part of the cash basis. */
  isCash: boolean;
  lines: PostingLine[];
}

/** Cents of the organisation's currency; debits are positive. */
export interface PostingLine {
  account: number;
  net: number;
  tax: number;
  description: string;
  region?: number;
}

const RECEIVABLE = systemAccount('DEBTORS');
const PAYABLE = systemAccount('CREDITORS');
const TAX = systemAccount('GST');
const PREPAID = CHART.findIndex(({ code }) => code === '620');

function systemAccount(name: string): number {
  return CHART.findIndex((account) => account.systemAccount === name);
}

export function invoicePosting(invoice: Invoice): Posting | undefined {
  if ((invoice.status !== 'AUTHORISED' && invoice.status !== 'PAID') || invoice.date === undefined) return undefined;
  const isSale = invoice.type === 'ACCREC';
  const parts = partsOf(invoice.lines, isSale ? -1 : 1, invoice.currencyRate);
  return {
    sourceType: invoice.type,
    date: invoice.date,
    isCash: false,
    lines: balanced(isSale ? RECEIVABLE : PAYABLE, parts),
  };
}

export function paymentPosting(payment: Payment, invoice: Invoice): Posting | undefined {
  if (payment.status !== 'AUTHORISED') return undefined;
  const isSale = invoice.type === 'ACCREC';
  const amount = toBase(payment.amount, invoice.currencyRate) * (isSale ? 1 : -1);
  const bank = { account: payment.account, net: amount, tax: 0, description: '' };
  return {
    sourceType: `${invoice.type}PAYMENT`,
    date: payment.date,
    isCash: true,
    lines: balanced(isSale ? RECEIVABLE : PAYABLE, [bank]),
  };
}

export function bankTransactionPosting(transaction: BankTransaction): Posting | undefined {
  if (transaction.status !== 'AUTHORISED') return undefined;
  const isSpent = transaction.type === 'SPEND';
  const parts = partsOf(transaction.lines, isSpent ? 1 : -1, 1_000_000);
  return {
    sourceType: isSpent ? 'CASHPAID' : 'CASHREC',
    date: transaction.date,
    isCash: true,
    lines: balanced(transaction.bankAccount, parts),
  };
}

/** @param accountRow finds an account by its code */
export function documentPosting(kind: string, tree: Tree, accountRow: (code: unknown) => number): Posting | undefined {
  const date = tree['Date'] instanceof Day ? tree['Date'].at : undefined;
  if (date === undefined) return undefined;
  switch (kind) {
    case 'CreditNotes':
      return creditPosting(tree, date, accountRow);
    case 'Overpayments':
    case 'Prepayments':
      return prepaidPosting(kind, tree, date);
    case 'BankTransfers':
      return transferPosting(tree, date, accountRow);
    case 'ManualJournals':
      return manualPosting(tree, date, accountRow);
    default:
      return undefined;
  }
}

function creditPosting(tree: Tree, date: number, accountRow: (code: unknown) => number): Posting | undefined {
  if (tree['Status'] !== 'AUTHORISED' && tree['Status'] !== 'PAID') return undefined;
  const isSale = tree['Type'] === 'ACCRECCREDIT';
  const sign = isSale ? 1 : -1;
  const parts = treesOf(tree['LineItems']).flatMap((line): PostingLine[] => {
    const net = sign * cents(line['LineAmount']);
    const tax = sign * cents(line['TaxAmount']);
    const own = { account: accountRow(line['AccountCode']), net, tax, description: String(line['Description']) };
    return tax === 0 ? [own] : [own, { account: TAX, net: tax, tax: 0, description: '' }];
  });
  return {
    sourceType: isSale ? 'ACCRECCREDIT' : 'ACCPAYCREDIT',
    date,
    isCash: false,
    lines: balanced(isSale ? RECEIVABLE : PAYABLE, parts),
  };
}

function prepaidPosting(kind: string, tree: Tree, date: number): Posting | undefined {
  if (tree['Status'] === 'VOIDED') return undefined;
  const isSale = String(tree['Type']).startsWith('RECEIVE');
  const over = isSale ? RECEIVABLE : PAYABLE;
  const net = cents(tree['Total']) * (isSale ? 1 : -1);
  return {
    sourceType: `${isSale ? 'AR' : 'AP'}${kind === 'Overpayments' ? 'OVERPAYMENT' : 'PREPAYMENT'}`,
    date,
    isCash: true,
    lines: balanced(kind === 'Overpayments' ? over : PREPAID, [{ account: 0, net, tax: 0, description: '' }]),
  };
}

function transferPosting(tree: Tree, date: number, accountRow: (code: unknown) => number): Posting | undefined {
  if (tree['Status'] !== 'AUTHORISED') return undefined;
  const [from, to] = [tree['FromBankAccount'], tree['ToBankAccount']].map((account) => (account as Tree)['Code']);
  const into = { account: accountRow(to), net: cents(tree['Amount']), tax: 0, description: '' };
  return { sourceType: 'TRANSFER', date, isCash: true, lines: balanced(accountRow(from), [into]) };
}

function manualPosting(tree: Tree, date: number, accountRow: (code: unknown) => number): Posting | undefined {
  if (tree['Status'] !== 'POSTED') return undefined;
  const lines = treesOf(tree['JournalLines']).map((line) => ({
    account: accountRow(line['AccountCode']),
    net: cents(line['LineAmount']),
    tax: 0,
    description: String(line['Description']),
  }));
  return { sourceType: 'MANJOURNAL', date, isCash: tree['ShowOnCashBasisReports'] === true, lines };
}

/** A line for each line of the document, and one for its tax. */
function partsOf(lines: readonly Line[], sign: 1 | -1, rate: number): PostingLine[] {
  return lines.flatMap((line): PostingLine[] => {
    const net = sign * toBase(lineAmount(line), rate);
    const tax = sign * toBase(lineTax(line), rate);
    const region = line.region === undefined ? {} : { region: line.region };
    const own = { account: line.account, net, tax, description: line.description, ...region };
    return tax === 0 ? [own] : [own, { account: TAX, net: tax, tax: 0, description: '' }];
  });
}

/** The parts with the line that makes them add up to nothing, first as Xero has it. */
function balanced(account: number, parts: PostingLine[]): PostingLine[] {
  const net = -parts.reduce((sum, line) => sum + line.net, 0);
  return [{ account, net, tax: 0, description: '' }, ...parts];
}

function toBase(amount: number, rate: number): number {
  return Math.round((amount * 1_000_000) / rate);
}

function treesOf(list: unknown): Tree[] {
  return Array.isArray(list) ? list : [];
}

/** From an amount as the API writes it. */
export function cents(amount: unknown): number {
  return Math.round(Number(JSON.isRawJSON(amount) ? (amount as { rawJSON: string }).rawJSON : amount) * 100);
}
