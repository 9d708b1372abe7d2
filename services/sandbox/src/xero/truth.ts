import type { TruthStream } from '../source-api.ts';
import type { Books } from './books.ts';
import type { Collection } from './collection.ts';
import { writeAddresses, writePhones } from './contacts-resource.ts';
import { decimal, money } from './decimal.ts';
import { type Line, lineAmount, lineTax, totals } from './line.ts';
import { writeOrganisation } from './organisation.ts';
import { bankAmount, paymentType } from './payments-resource.ts';
import { writeTracking } from './write-parts.ts';

type Row = Record<string, unknown>;

/** What a warehouse must hold. Xero keeps voided, deleted and archived objects and answers them with their status, so they are rows;
 *  the one thing that vanishes is a line item that was taken off its document. Left out on purpose: `Balances` of a contact, which
 *  changes without any sign in the API, and the names inside references, which belong to the object referred to. */
export function truthOf(books: Books): TruthStream[] {
  return [
    stream('organisation', ['OrganisationID'], () => [organisationRow(books)]),
    stream('accounts', ['AccountID'], () => rowsOf(books.accounts, (row) => accountRow(books, row))),
    stream('contacts', ['ContactID'], () => rowsOf(books.contacts, (row) => contactRow(books, row))),
    stream('invoices', ['InvoiceID'], () => rowsOf(books.invoices, (row) => invoiceRow(books, row))),
    stream('invoice_line_items', ['InvoiceID', 'LineItemID'], () => lineRows(books, books.invoices, 'InvoiceID')),
    stream('payments', ['PaymentID'], () => rowsOf(books.payments, (row) => paymentRow(books, row))),
    stream('bank_transactions', ['BankTransactionID'], () =>
      rowsOf(books.bankTransactions, (row) => bankTransactionRow(books, row)),
    ),
    stream('bank_transaction_line_items', ['BankTransactionID', 'LineItemID'], () =>
      lineRows(books, books.bankTransactions, 'BankTransactionID'),
    ),
  ];
}

function stream(name: string, key: string[], rows: () => Iterable<Row>): TruthStream {
  return { stream: name, key, rows: { [Symbol.iterator]: () => rows()[Symbol.iterator]() } };
}

function* rowsOf<Item>(collection: Collection<Item>, rowOf: (row: number) => Row): Generator<Row> {
  for (let row = 0; row < collection.count; row += 1) yield rowOf(row);
}

function* lineRows(books: Books, documents: Collection<{ lines: readonly Line[] }>, key: string): Generator<Row> {
  for (let row = 0; row < documents.count; row += 1) {
    for (const line of documents.get(row).lines) {
      const id = { [key]: documents.guids.of(row), LineItemID: documents.guids.of(row, line.part + 1) };
      yield { ...id, ...lineRow(books, line) };
    }
  }
}

function lineRow(books: Books, line: Line): Row {
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

function organisationRow(books: Books): Row {
  const { APIKey: _secret, ...fields } = writeOrganisation(books.organisation);
  const { periodLockDate, createdAt } = books.organisation;
  return { ...fields, PeriodLockDate: date(periodLockDate), CreatedDateUTC: instant(createdAt) };
}

function accountRow(books: Books, row: number): Row {
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

function contactRow(books: Books, row: number): Row {
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
    ContactPersons: [],
    IsSupplier: contact.isSupplier,
    IsCustomer: contact.isCustomer,
    DefaultCurrency: contact.currency ?? null,
    HasAttachments: false,
    UpdatedDateUTC: instant(books.contacts.updatedAt(row)),
  };
}

function invoiceRow(books: Books, row: number): Row {
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
    AmountCredited: money(0),
    CurrencyCode: invoice.currency,
    CurrencyRate: decimal(invoice.currencyRate, 6),
    SentToContact: isSale ? invoice.sentToContact : null,
    HasAttachments: false,
    IsDiscounted: false,
    Payments: books.livePayments(invoice).map((payment) => nestedPayment(books, payment, invoice.currencyRate)),
    CreditNotes: [],
    Prepayments: [],
    Overpayments: [],
    UpdatedDateUTC: instant(books.invoices.updatedAt(row)),
  };
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

function paymentRow(books: Books, row: number): Row {
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

function bankTransactionRow(books: Books, row: number): Row {
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
