import { writeAddresses, writePersons, writePhones } from '../api/contacts-resource.ts';
import { hasAttachments } from '../api/invoices-resource.ts';
import { bankAmount, paymentType } from '../api/payments-resource.ts';
import { writeTracking } from '../api/write-parts.ts';
import type { Books } from '../company/books.ts';
import { decimal, money } from '../company/decimal.ts';
import type { Credit, Invoice } from '../company/invoice.ts';
import { type Line, lineAmount, lineTax, totals } from '../company/line.ts';
import { writeOrganisation } from '../company/organisation.ts';

type Row = Record<string, unknown>;

export function lineRow(books: Books, line: Line): Row {
  const account = books.accounts.get(line.account);
  return {
    Description: line.description,
    Quantity: decimal(line.quantity, 4),
    UnitAmount: decimal(line.unitAmount, 4),
    LineAmount: money(lineAmount(line)),
    TaxAmount: money(lineTax(line)),
    TaxType: line.isTaxed ? account.taxType : 'NONE',
    AccountCode: account.code,
    AccountID: books.accounts.guids.of(line.account),
    Tracking: writeTracking(line),
  };
}

export function organisationRow(books: Books): Row {
  const { APIKey: _secret, ...fields } = writeOrganisation(books.organisation);
  const { periodLockDate, createdAt } = books.organisation;
  return { ...fields, PeriodLockDate: date(periodLockDate), CreatedDateUTC: instant(createdAt) };
}

export function accountRow(books: Books, row: number): Row {
  const account = books.accounts.get(row);
  const isBank = account.type === 'BANK';
  return {
    AccountID: books.accounts.guids.of(row),
    Code: account.code,
    Name: account.name,
    Status: account.status,
    Type: account.type,
    TaxType: account.taxType,
    Description: account.description ?? null,
    Class: account.class,
    SystemAccount: account.systemAccount ?? null,
    EnablePaymentsToAccount: account.enablePayments,
    ShowInExpenseClaims: false,
    BankAccountNumber: account.bankAccountNumber ?? null,
    BankAccountType: isBank ? 'BANK' : null,
    CurrencyCode: isBank ? 'NZD' : null,
    ReportingCode: account.class.slice(0, 3),
    HasAttachments: false,
    AddToWatchlist: false,
    UpdatedDateUTC: instant(books.accounts.updatedAt(row)),
  };
}

export function contactRow(books: Books, row: number): Row {
  const contact = books.contacts.get(row);
  return {
    ContactID: books.contacts.guids.of(row),
    AccountNumber: contact.accountNumber ?? null,
    ContactStatus: contact.status,
    Name: contact.name,
    FirstName: contact.firstName,
    LastName: contact.lastName,
    EmailAddress: contact.email,
    BankAccountDetails: '',
    TaxNumber: contact.taxNumber ?? null,
    Addresses: writeAddresses(contact),
    Phones: writePhones(contact),
    ContactGroups: [],
    ContactPersons: writePersons(contact),
    IsSupplier: contact.isSupplier,
    IsCustomer: contact.isCustomer,
    DefaultCurrency: contact.currency ?? null,
    HasAttachments: false,
    UpdatedDateUTC: instant(books.contacts.updatedAt(row)),
  };
}

export function invoiceRow(books: Books, row: number): Row {
  const invoice = books.invoices.get(row);
  const isSale = invoice.type === 'ACCREC';
  return {
    InvoiceID: books.invoices.guids.of(row),
    Type: invoice.type,
    InvoiceNumber: invoice.number,
    Reference: isSale ? invoice.reference : null,
    ContactID: books.contacts.guids.of(invoice.contact),
    Date: date(invoice.date),
    DueDate: date(invoice.dueDate),
    FullyPaidOnDate: date(invoice.fullyPaidOn),
    Status: invoice.status,
    LineAmountTypes: 'Exclusive',
    ...totalColumns(invoice.lines),
    AmountDue: money(books.amountDue(invoice)),
    AmountPaid: money(books.amountPaid(invoice)),
    AmountCredited: money(books.amountCredited(invoice)),
    CurrencyCode: invoice.currency,
    CurrencyRate: decimal(invoice.currencyRate, 6),
    SentToContact: isSale ? invoice.sentToContact : null,
    HasAttachments: hasAttachments(row),
    IsDiscounted: false,
    Payments: books.livePayments(invoice).map((payment) => nestedPayment(books, payment, invoice.currencyRate)),
    CreditNotes: nestedCredits(invoice, 'CreditNotes', 'CreditNoteID'),
    Prepayments: nestedCredits(invoice, 'Prepayments', 'PrepaymentID'),
    Overpayments: nestedCredits(invoice, 'Overpayments', 'OverpaymentID'),
    UpdatedDateUTC: instant(books.invoices.updatedAt(row)),
  };
}

function nestedCredits(invoice: Invoice, list: Credit['list'], idField: string): Row[] {
  return invoice.credits
    .filter((credit) => credit.list === list)
    .map((credit) => ({
      [idField]: credit.id,
      ...(list === 'CreditNotes' ? { CreditNoteNumber: credit.number } : {}),
      AppliedAmount: money(credit.amount),
      Date: date(credit.date),
    }));
}

function nestedPayment(books: Books, row: number, currencyRate: number): Row {
  const payment = books.payments.get(row);
  return {
    PaymentID: books.payments.guids.of(row),
    Date: date(payment.date),
    Amount: money(payment.amount),
    ...(payment.reference === '' ? {} : { Reference: payment.reference }),
    CurrencyRate: decimal(currencyRate, 6),
    HasAccount: false,
  };
}

export function paymentRow(books: Books, row: number): Row {
  const payment = books.payments.get(row);
  const invoice = books.invoices.get(payment.invoice);
  return {
    PaymentID: books.payments.guids.of(row),
    InvoiceID: books.invoices.guids.of(payment.invoice),
    AccountID: books.accounts.guids.of(payment.account),
    Date: date(payment.date),
    Amount: money(payment.amount),
    BankAmount: money(bankAmount(payment, invoice)),
    CurrencyRate: decimal(invoice.currencyRate, 6),
    PaymentType: paymentType(invoice),
    Status: payment.status,
    Reference: payment.reference,
    HasAccount: true,
    IsReconciled: payment.isReconciled,
    UpdatedDateUTC: instant(books.payments.updatedAt(row)),
  };
}

export function bankTransactionRow(books: Books, row: number): Row {
  const transaction = books.bankTransactions.get(row);
  return {
    BankTransactionID: books.bankTransactions.guids.of(row),
    BankAccountID: books.accounts.guids.of(transaction.bankAccount),
    ContactID: books.contacts.guids.of(transaction.contact),
    Type: transaction.type,
    Status: transaction.status,
    Reference: transaction.reference === '' ? null : transaction.reference,
    Date: date(transaction.date),
    IsReconciled: transaction.isReconciled,
    LineAmountTypes: 'Exclusive',
    ...totalColumns(transaction.lines),
    CurrencyCode: 'NZD',
    CurrencyRate: decimal(1_000_000, 6),
    HasAttachments: false,
    UpdatedDateUTC: instant(books.bankTransactions.updatedAt(row)),
  };
}

function totalColumns(lines: readonly Line[]): Row {
  const { subTotal, totalTax, total } = totals(lines);
  return { SubTotal: money(subTotal), TotalTax: money(totalTax), Total: money(total) };
}

function date(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : new Date(epochMs).toISOString().slice(0, 10);
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
