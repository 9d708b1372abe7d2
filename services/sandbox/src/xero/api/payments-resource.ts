import type { Books } from '../company/books.ts';
import { decimal, money } from '../company/decimal.ts';
import type { Invoice } from '../company/invoice.ts';
import type { Payment } from '../company/payment.ts';
import { dotNetDate, instantString } from './dotnet-date.ts';
import type { Resource } from './resource.ts';
import { statusField, writeContactReference } from './write-parts.ts';

export function paymentsResource(books: Books): Resource<Payment> {
  return {
    name: 'Payments',
    typeName: 'Payment',
    idField: 'PaymentID',
    collection: books.payments,
    scopes: ['accounting.payments', 'accounting.transactions'],
    paging: 'pages',
    hasModifiedSince: true,
    parameters: ['where', 'order'],
    fields: {
      ...statusField<Payment>(),
      Date: { read: (payment) => payment.date, isOptimised: true },
      Amount: { read: (payment) => payment.amount / 100 },
      Reference: { read: (payment) => payment.reference },
      PaymentType: { read: (payment) => paymentType(books.invoices.get(payment.invoice)) },
      'Invoice.InvoiceID': { read: (payment) => books.invoices.guids.of(payment.invoice), isOptimised: true },
    },
    listFilters: {},
    write: (row) => writePayment(books, row),
  };
}

function writePayment(books: Books, row: number): Record<string, unknown> {
  const payment = books.payments.get(row);
  const invoice = books.invoices.get(payment.invoice);
  const updatedAt = books.payments.updatedAt(row);
  return {
    PaymentID: books.payments.guids.of(row),
    Date: dotNetDate(payment.date),
    BankAmount: money(bankAmount(payment, invoice)),
    Amount: money(payment.amount),
    Reference: payment.reference,
    CurrencyRate: decimal(invoice.currencyRate, 6),
    PaymentType: paymentType(invoice),
    Status: payment.status,
    UpdatedDateUTC: dotNetDate(updatedAt),
    UpdatedDateUTCString: instantString(updatedAt),
    HasAccount: true,
    IsReconciled: payment.isReconciled,
    Account: { AccountID: books.accounts.guids.of(payment.account), Code: books.accounts.get(payment.account).code },
    Invoice: writeInvoiceReference(books, payment.invoice, invoice),
    HasValidationErrors: false,
  };
}

function writeInvoiceReference(books: Books, row: number, invoice: Invoice): Record<string, unknown> {
  return {
    Type: invoice.type,
    InvoiceID: books.invoices.guids.of(row),
    InvoiceNumber: invoice.number,
    Payments: [],
    CreditNotes: [],
    Prepayments: [],
    Overpayments: [],
    HasErrors: false,
    IsDiscounted: false,
    Contact: writeContactReference(books, invoice.contact),
    LineItems: [],
    CurrencyCode: invoice.currency,
  };
}

export function paymentType(invoice: Invoice): string {
  return `${invoice.type}PAYMENT`;
}

/** In cents of the bank account's currency, which is the organisation's. */
export function bankAmount(payment: Payment, invoice: Invoice): number {
  return Math.round((payment.amount * 1_000_000) / invoice.currencyRate);
}
