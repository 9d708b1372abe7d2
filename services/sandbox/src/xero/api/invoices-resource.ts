import type { Books } from '../company/books.ts';
import { decimal, money } from '../company/decimal.ts';
import type { Credit, Invoice } from '../company/invoice.ts';
import { totals } from '../company/line.ts';
import { dotNetDate, instantString } from './dotnet-date.ts';
import { type Resource, rowWhere, type Writing } from './resource.ts';
import { statusField, writeContactReference, writeDate, writeLine } from './write-parts.ts';

export function invoicesResource(books: Books): Resource<Invoice> {
  const { guids } = books.contacts;
  return {
    name: 'Invoices',
    typeName: 'Invoice',
    idField: 'InvoiceID',
    collection: books.invoices,
    scopes: ['accounting.invoices', 'accounting.transactions'],
    paging: 'pages',
    hasModifiedSince: true,
    rowOfNumber: (number) => rowWhere(books.invoices, (invoice) => invoice.number === number),
    parameters: [
      'where',
      'order',
      'IDs',
      'InvoiceNumbers',
      'ContactIDs',
      'Statuses',
      'includeArchived',
      'createdByMyApp',
      'unitdp',
      'summaryOnly',
      'searchTerm',
    ],
    fields: {
      ...statusField<Invoice>(),
      Type: { read: (invoice) => invoice.type, isOptimised: true },
      Date: { read: (invoice) => invoice.date, isOptimised: true },
      DueDate: { read: (invoice) => invoice.dueDate, isOptimised: true },
      InvoiceNumber: { read: (invoice) => invoice.number },
      Reference: { read: (invoice) => invoice.reference },
      'Contact.ContactID': { read: (invoice) => guids.of(invoice.contact), isOptimised: true },
      'Contact.Name': { read: (invoice) => books.contacts.get(invoice.contact).name },
      CurrencyCode: { read: (invoice) => invoice.currency },
      Total: { read: (invoice) => totals(invoice.lines).total / 100 },
      AmountDue: { read: (invoice) => books.amountDue(invoice) / 100 },
      AmountPaid: { read: (invoice) => books.amountPaid(invoice) / 100 },
    },
    listFilters: {
      IDs: 'InvoiceID',
      InvoiceNumbers: 'InvoiceNumber',
      ContactIDs: 'Contact.ContactID',
      Statuses: 'Status',
    },
    write: (row, writing) => writeInvoice(books, row, writing),
  };
}

function writeInvoice(books: Books, row: number, writing: Writing): Record<string, unknown> {
  const invoice = books.invoices.get(row);
  const updatedAt = books.invoices.updatedAt(row);
  const { subTotal, totalTax, total } = totals(invoice.lines);
  const isPayable = invoice.type === 'ACCPAY';
  return {
    Type: invoice.type,
    InvoiceID: books.invoices.guids.of(row),
    InvoiceNumber: invoice.number,
    ...(isPayable ? {} : { Reference: invoice.reference }),
    ...(writing.isSummary ? {} : { ...writeSettlement(books, invoice), HasAttachments: hasAttachments(row) }),
    AmountDue: money(books.amountDue(invoice)),
    AmountPaid: money(books.amountPaid(invoice)),
    AmountCredited: money(books.amountCredited(invoice)),
    ...(isPayable ? {} : { SentToContact: invoice.sentToContact }),
    CurrencyRate: decimal(invoice.currencyRate, 6),
    HasErrors: false,
    IsDiscounted: false,
    Contact: writeContactReference(books, invoice.contact),
    ...writeDate('Date', invoice.date),
    ...writeDate('DueDate', invoice.dueDate),
    Status: invoice.status,
    LineAmountTypes: 'Exclusive',
    ...(writing.isSummary ? {} : { LineItems: writing.hasLines ? writeLines(books, row, invoice, writing) : [] }),
    SubTotal: money(subTotal),
    TotalTax: money(totalTax),
    Total: money(total),
    UpdatedDateUTC: dotNetDate(updatedAt),
    UpdatedDateUTCString: instantString(updatedAt),
    CurrencyCode: invoice.currency,
    ...(invoice.fullyPaidOn === undefined ? {} : { FullyPaidOnDate: dotNetDate(invoice.fullyPaidOn) }),
  };
}

function writeLines(books: Books, row: number, invoice: Invoice, writing: Writing): Record<string, unknown>[] {
  return invoice.lines.map((line) => writeLine(books, books.invoices.guids.of(row, line.part + 1), line, writing));
}

function writeSettlement(books: Books, invoice: Invoice): Record<string, unknown> {
  const payments = books.livePayments(invoice).map((row) => {
    const payment = books.payments.get(row);
    return {
      PaymentID: books.payments.guids.of(row),
      Date: dotNetDate(payment.date),
      Amount: money(payment.amount),
      ...(payment.reference === '' ? {} : { Reference: payment.reference }),
      CurrencyRate: decimal(invoice.currencyRate, 6),
      HasAccount: false,
      HasValidationErrors: false,
    };
  });
  return { Payments: payments, ...writeCredits(invoice) };
}

function writeCredits(invoice: Invoice): Record<string, unknown> {
  const creditsOf = (list: Credit['list'], idField: string, numberField?: string) =>
    invoice.credits
      .filter((credit) => credit.list === list)
      .map(({ id, number, amount, date }) => ({
        [idField]: id,
        ...(numberField === undefined ? {} : { [numberField]: number }),
        AppliedAmount: money(amount),
        ...writeDate('Date', date),
        HasErrors: false,
      }));
  return {
    CreditNotes: creditsOf('CreditNotes', 'CreditNoteID', 'CreditNoteNumber'),
    Prepayments: creditsOf('Prepayments', 'PrepaymentID'),
    Overpayments: creditsOf('Overpayments', 'OverpaymentID'),
  };
}

/** Now and then there is a scan of the document. */
export function hasAttachments(row: number): boolean {
  return row % 25 === 3;
}
