import { dotNetDate } from '../api/dotnet-date.ts';
import type { Books } from './books.ts';
import { money } from './decimal.ts';
import { DAY_MS } from './history.ts';

/** Net amounts in cents by account row: debits are positive. */
export type Balances = Map<number, number>;

/** What the accounts hold. @param from undefined: from the beginning. Both days count. */
function balancesOf(books: Books, from: number | undefined, to: number, isCashOnly = false): Balances {
  const balances: Balances = new Map();
  for (const { date, isCash, lines } of books.ledger.after(0)) {
    if (date > to || (from !== undefined && date < from) || (isCashOnly && !isCash)) continue;
    for (const { account, net } of lines) balances.set(account, (balances.get(account) ?? 0) + net);
  }
  return balances;
}

export interface ReportRow {
  section: string;
  account: number;
  /** One for each column after the name. */
  cells: (number | undefined)[];
}

export interface Report {
  id: string;
  name: string;
  title: string;
  /** Heads of the columns after the name. */
  columns: string[];
  rows: ReportRow[];
}

/** Debit and credit of the financial year so far, and again since the beginning of the year as Xero shows it. */
export function trialBalance(books: Books, date: number, isCashOnly: boolean): Report {
  const month = new Date(date);
  const first = Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), 1);
  const [whole, thisMonth] = [
    balancesOf(books, undefined, date, isCashOnly),
    balancesOf(books, first, date, isCashOnly),
  ];
  const rows = accountsWith(books, whole).map((account) => ({
    section: SECTIONS[books.accounts.original(account).class],
    account,
    cells: [...sides(thisMonth.get(account) ?? 0), ...sides(whole.get(account) ?? 0)],
  }));
  const columns = ['Debit', 'Credit', 'YTD Debit', 'YTD Credit'];
  return { id: 'TrialBalance', name: 'Trial Balance', title: 'Trial Balance', columns, rows: bySection(rows) };
}

/** @param ends last days of the periods, the newest first, as Xero orders its columns */
export function profitAndLoss(books: Books, periods: { from: number; to: number }[], isCashOnly: boolean): Report {
  const balances = periods.map(({ from, to }) => balancesOf(books, from, to, isCashOnly));
  const isOperating = (account: number) => ['REVENUE', 'EXPENSE'].includes(books.accounts.original(account).class);
  const rows = accountsIn(books, balances, isOperating).map((account) => {
    const isIncome = books.accounts.original(account).class === 'REVENUE';
    const cells = balances.map((balance) => (isIncome ? -1 : 1) * (balance.get(account) ?? 0));
    return { section: isIncome ? 'Income' : 'Less Operating Expenses', account, cells };
  });
  const columns = periods.map(({ to }) => shortDate(to));
  return { id: 'ProfitAndLoss', name: 'Profit and Loss', title: 'Profit & Loss', columns, rows: bySection(rows) };
}

export function balanceSheet(books: Books, dates: number[], isCashOnly: boolean): Report {
  const balances = dates.map((date) => balancesOf(books, undefined, date, isCashOnly));
  const isHeld = (account: number) => ['ASSET', 'LIABILITY', 'EQUITY'].includes(books.accounts.original(account).class);
  const rows = accountsIn(books, balances, isHeld).map((account) => {
    const isAsset = books.accounts.original(account).class === 'ASSET';
    const cells = balances.map((balance) => (isAsset ? 1 : -1) * (balance.get(account) ?? 0));
    return { section: SECTIONS[books.accounts.original(account).class], account, cells };
  });
  const columns = dates.map(shortDate);
  return { id: 'BalanceSheet', name: 'Balance Sheet', title: 'Balance Sheet', columns, rows: bySection(rows) };
}

/** Rows of a section stand together, sections in the order in which they first come up. */
function bySection(rows: ReportRow[]): ReportRow[] {
  const sections = [...new Set(rows.map(({ section }) => section))];
  return sections.flatMap((section) => rows.filter((row) => row.section === section));
}

const SECTIONS = {
  ASSET: 'Assets',
  EQUITY: 'Equity',
  EXPENSE: 'Expenses',
  LIABILITY: 'Liabilities',
  REVENUE: 'Revenue',
};

/** The report's tree, as the API writes it. */
export function writeReport(books: Books, report: Report, at: number): Record<string, unknown> {
  const cell = (value: string, account?: number) => {
    const attributes =
      account === undefined ? {} : { Attributes: [{ Value: books.accounts.guids.of(account), Id: 'account' }] };
    return { Value: value, ...attributes };
  };
  const sections = [...new Set(report.rows.map(({ section }) => section))].map((section) => {
    const rows = report.rows.filter((row) => row.section === section);
    const total = report.columns.map((_, column) => rows.reduce((sum, row) => sum + (row.cells[column] ?? 0), 0));
    const written = rows.map(({ account, cells }) => ({
      RowType: 'Row',
      Cells: [
        cell(accountName(books, account), account),
        ...cells.map((amount) => cell(amount === undefined ? '' : plain(amount), account)),
      ],
    }));
    const summary = {
      RowType: 'SummaryRow',
      Cells: [cell(`Total ${section}`), ...total.map((sum) => cell(plain(sum)))],
    };
    return { RowType: 'Section', Title: section, Rows: [...written, summary] };
  });
  const header = { RowType: 'Header', Cells: ['', ...report.columns].map((value) => cell(value)) };
  return {
    ReportID: report.id,
    ReportName: report.name,
    ReportType: report.id,
    ReportTitles: [report.title, books.organisation.name],
    ReportDate: shortDate(at),
    UpdatedDateUTC: dotNetDate(at),
    Fields: [],
    Rows: [header, ...sections],
  };
}

export function accountName(books: Books, account: number): string {
  const { name, code } = books.accounts.original(account);
  return `${name} (${code})`;
}

/** `9220.05` */
export function plain(cents: number): string {
  return (money(cents) as { rawJSON: string }).rawJSON;
}

/** `31 Jan 24` */
export function shortDate(at: number): string {
  const date = new Date(at);
  const month = date.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  return `${date.getUTCDate()} ${month} ${String(date.getUTCFullYear()).slice(2)}`;
}

/** The last day of the month that lies `months` before the day's. */
export function monthEnd(day: number, months = 0): number {
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months + 1, 1) - DAY_MS;
}

function sides(net: number): (number | undefined)[] {
  return [net > 0 ? net : undefined, net < 0 ? -net : undefined];
}

function accountsWith(books: Books, balances: Balances): number[] {
  return accountsIn(books, [balances], () => true);
}

/** Accounts with an amount in any column, in the order of their codes. */
function accountsIn(books: Books, balances: Balances[], isWanted: (account: number) => boolean): number[] {
  const found = new Set(balances.flatMap((balance) => [...balance].filter(([, net]) => net !== 0).map(([row]) => row)));
  return [...found].filter(isWanted).sort((a, b) => compareCodes(books, a, b));
}

function compareCodes(books: Books, a: number, b: number): number {
  return books.accounts.original(a).code.localeCompare(books.accounts.original(b).code);
}
