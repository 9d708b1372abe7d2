import type { Request, Response, Router } from 'express';
import { agedInvoices, writeAged } from '../company/aged.ts';
import type { Books } from '../company/books.ts';
import { DAY_MS } from '../company/history.ts';
import { balanceSheet, monthEnd, profitAndLoss, trialBalance, writeReport } from '../company/report.ts';
import { ApiFailure, notFound } from './failure.ts';

export interface ReportsDeps {
  booksOf: (response: Response) => Books;
  now: () => number;
  requireScope: (response: Response, scopes: readonly string[]) => void;
  sendList: (response: Response, content: Record<string, unknown>) => void;
  /** Tells of parameters that are not imitated. */
  known: (request: Request, names: readonly string[]) => void;
}

/** Most periods besides the first that one report compares, as documented. */
const PERIODS_MAX = 11;

/** `/Reports/…`. */
export function reportRoutes(router: Router, { booksOf, now, requireScope, sendList, known }: ReportsDeps): void {
  const report = (
    name: string,
    scope: string,
    parameters: string[],
    write: (request: Request, books: Books) => unknown,
  ) => {
    router.get(`/Reports/${name}`, (request, response) => {
      requireScope(response, [`accounting.reports.${scope}`, 'accounting.reports']);
      known(request, parameters);
      sendList(response, { Reports: [write(request, booksOf(response))] });
    });
  };
  const isCash = (request: Request) => String(request.query['paymentsOnly']).toLowerCase() === 'true';
  report('TrialBalance', 'trialbalance', ['date', 'paymentsOnly'], (request, books) =>
    writeReport(books, trialBalance(books, dayOf(request, 'date', now()), isCash(request)), now()),
  );
  report('ProfitAndLoss', 'profitandloss', ['fromDate', 'toDate', ...PERIODS], (request, books) => {
    const to = dayOf(request, 'toDate', monthEnd(now()));
    const from = dayOf(request, 'fromDate', monthEnd(to, 1) + DAY_MS);
    const periods = periodsOf(request).map((months) =>
      months === 0 ? { from, to } : { from: monthEnd(from, months + 1) + DAY_MS, to: monthEnd(to, months) },
    );
    return writeReport(books, profitAndLoss(books, periods, isCash(request)), now());
  });
  report('BalanceSheet', 'balancesheet', ['date', ...PERIODS], (request, books) => {
    const date = dayOf(request, 'date', monthEnd(now()));
    const dates = periodsOf(request).map((months) => (months === 0 ? date : monthEnd(date, months)));
    return writeReport(books, balanceSheet(books, dates, isCash(request)), now());
  });
  for (const [name, type] of [
    ['AgedReceivablesByContact', 'ACCREC'],
    ['AgedPayablesByContact', 'ACCPAY'],
  ] as const) {
    report(name, 'aged', ['contactId', 'date', 'fromDate', 'toDate'], (request, books) => {
      const contact = books.contacts.rowOf(String(request.query['contactId'] ?? ''));
      if (contact === undefined) throw invalid('contactId');
      const date = dayOf(request, 'date', now());
      return writeAged(books, { name, date, rows: agedInvoices(books, contact, type, date) });
    });
  }
  router.get('/Reports/:name', () => {
    throw notFound();
  });
}

const PERIODS = ['periods', 'timeframe', 'standardLayout', 'paymentsOnly'];

/** 0 and the months before it that the report compares. Quarters and years are not imitated. */
function periodsOf(request: Request): number[] {
  const { periods = '0', timeframe = 'MONTH' } = request.query;
  const count = Number(periods);
  if (!Number.isInteger(count) || count < 0 || count > PERIODS_MAX) throw invalid('periods');
  if (timeframe !== 'MONTH') throw invalid('timeframe');
  return Array.from({ length: count + 1 }, (_, months) => months);
}

/** A day as `2024-01-31`. */
function dayOf(request: Request, name: string, otherwise: number): number {
  const text = request.query[name];
  if (text === undefined) return Math.floor(otherwise / DAY_MS) * DAY_MS;
  const day = Date.parse(`${String(text).slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day)) throw invalid(name);
  return day;
}

function invalid(name: string): ApiFailure {
  const message = `The ${name} parameter is not valid`;
  return new ApiFailure(400, { ErrorNumber: 10, Type: 'ValidationException', Message: message, Elements: [] });
}
