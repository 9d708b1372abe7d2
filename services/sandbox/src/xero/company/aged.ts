import { dotNetDate } from '../api/dotnet-date.ts';
import type { Books } from './books.ts';
import { totals } from './line.ts';
import { plain, shortDate } from './report.ts';

export interface AgedInvoice {
  row: number;
  date: number | undefined;
  dueDate: number | undefined;
  number: string;
  /** In cents. */
  total: number;
  paid: number;
  credited: number;
  due: number;
}

/** A contact's invoices that were open on a day. */
export function agedInvoices(books: Books, contact: number, type: 'ACCREC' | 'ACCPAY', date: number): AgedInvoice[] {
  return books.invoicesOf(contact).flatMap((row) => {
    const invoice = books.invoices.get(row);
    const due = books.amountDue(invoice);
    const isOpen = invoice.status === 'AUTHORISED' && invoice.type === type && due > 0 && (invoice.date ?? 0) <= date;
    if (!isOpen) return [];
    const { total } = totals(invoice.lines);
    const amounts = { total, paid: books.amountPaid(invoice), credited: books.amountCredited(invoice), due };
    return [{ row, date: invoice.date, dueDate: invoice.dueDate, number: invoice.number, ...amounts }];
  });
}

export function writeAged(
  books: Books,
  report: { name: string; date: number; rows: AgedInvoice[] },
): Record<string, unknown> {
  const cells = (values: string[], invoice?: string) =>
    values.map((value) => ({
      Value: value,
      ...(invoice === undefined ? {} : { Attributes: [{ Value: invoice, Id: 'invoiceID' }] }),
    }));
  const rows = report.rows.map((one) => ({
    RowType: 'Row',
    Cells: cells(
      [
        isoTime(one.date),
        one.number,
        isoTime(one.dueDate),
        '',
        ...[one.total, one.paid, one.credited, one.due].map(plain),
      ],
      books.invoices.guids.of(one.row),
    ),
  }));
  const header = ['Date', 'Reference', 'Due Date', '', 'Total', 'Paid', 'Credited', 'Due'];
  return {
    ReportID: report.name,
    ReportName: report.name,
    ReportType: report.name,
    ReportTitles: [report.name, books.organisation.name],
    ReportDate: shortDate(report.date),
    UpdatedDateUTC: dotNetDate(report.date),
    Fields: [],
    Rows: [
      { RowType: 'Header', Cells: cells(header) },
      { RowType: 'Section', Title: '', Rows: rows },
    ],
  };
}

function isoTime(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString().slice(0, 19);
}
