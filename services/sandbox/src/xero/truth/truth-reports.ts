import { isoDay } from '../api/tree.ts';
import { agedInvoices } from '../company/aged.ts';
import type { Books } from '../company/books.ts';
import { money } from '../company/decimal.ts';
import { DAY_MS } from '../company/history.ts';
import { accountName, balanceSheet, monthEnd, profitAndLoss, type Report, trialBalance } from '../company/report.ts';
import type { TruthPart } from './truth-part.ts';

type Row = Record<string, unknown>;

/** Months that a tap reads of each report, the current one first. */
const MONTHS = 12;

/** Reports as rows, by account and month. */
export function reportParts(books: Books, now: () => number): TruthPart[] {
  const months = () => Array.from({ length: MONTHS }, (_, month) => monthEnd(now(), month));
  const key = ['Period', 'LineNumber'];
  return [
    {
      stream: 'report_trial_balance',
      key,
      rows: () =>
        months().flatMap((date) =>
          accountRows(books, trialBalance(books, date, false)).map(({ cells, ...row }) => {
            const [Debit, Credit, YTDDebit, YTDCredit] = cells;
            return { Period: isoDay(date), ...row, Debit, Credit, YTDDebit, YTDCredit };
          }),
        ),
    },
    {
      stream: 'report_profit_and_loss',
      key,
      rows: () => {
        const periods = months().map((to) => ({ from: monthEnd(to, 1) + DAY_MS, to }));
        return byPeriod(books, profitAndLoss(books, periods, false), months());
      },
    },
    {
      stream: 'report_balance_sheet',
      key,
      rows: () => byPeriod(books, balanceSheet(books, months(), false), months()),
    },
  ];
}

/** What each contact owes or is owed, by document. */
export function agedParts(books: Books, now: () => number): TruthPart[] {
  return [aged(books, now, 'report_aged_receivables', 'ACCREC'), aged(books, now, 'report_aged_payables', 'ACCPAY')];
}

function byPeriod(books: Books, report: Report, ends: number[]): Row[] {
  return accountRows(books, report).flatMap(({ cells, ...row }) =>
    ends.map((end, column) => ({ Period: isoDay(end), ...row, Amount: cells[column] })),
  );
}

function accountRows(books: Books, report: Report): { cells: unknown[]; [column: string]: unknown }[] {
  return report.rows.map(({ section, account, cells }, place) => ({
    LineNumber: place + 1,
    Section: section,
    Name: accountName(books, account),
    AccountID: books.accounts.guids.of(account),
    cells: cells.map((cell) => (cell === undefined ? null : money(cell))),
  }));
}

function aged(books: Books, now: () => number, stream: string, type: 'ACCREC' | 'ACCPAY'): TruthPart {
  return {
    stream,
    key: ['ContactID', 'LineNumber'],
    rows: function* () {
      const today = Math.floor(now() / DAY_MS) * DAY_MS;
      for (let contact = 0; contact < books.contacts.count; contact += 1) {
        for (const [place, open] of agedInvoices(books, contact, type, today).entries()) {
          yield {
            ContactID: books.contacts.guids.of(contact),
            LineNumber: place + 1,
            Date: isoDay(open.date),
            Reference: open.number,
            DueDate: isoDay(open.dueDate),
            Total: money(open.total),
            Paid: money(open.paid),
            Credited: money(open.credited),
            Due: money(open.due),
            InvoiceID: books.invoices.guids.of(open.row),
          };
        }
      }
    },
  };
}
