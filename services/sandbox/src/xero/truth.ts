import type { TruthStream } from '../source-api.ts';
import type { Books } from './books.ts';
import type { Collection } from './collection.ts';
import { connectionOf } from './connections.ts';
import type { Contact } from './contact.ts';
import { writeAddresses, writePhones } from './contacts-resource.ts';
import { decimal, money } from './decimal.ts';
import type { Credit, Invoice } from './invoice.ts';
import { hasAttachments } from './invoices-resource.ts';
import { type Line, lineAmount, lineTax, totals } from './line.ts';
import { writeOrganisation } from './organisation.ts';
import { bankAmount, paymentType } from './payments-resource.ts';
import { detailParts, documentParts, journalParts } from './truth-documents.ts';
import type { TruthPart } from './truth-part.ts';
import { agedParts, reportParts } from './truth-reports.ts';
import { writeTracking } from './write-parts.ts';

type Row = Record<string, unknown>;

/** What a warehouse must hold, of every organisation. Xero keeps voided, deleted and archived objects and answers them with their status, so they
 *  are rows; what vanishes are rows that were taken off their document, and settings that a person removed. Left out on purpose: `Balances` of
 *  a contact, which changes without any sign in the API, and the names inside references, which belong to the object referred to. */
export function truthOf(organisations: readonly Books[], now: () => number, withOptIn: boolean): TruthStream[] {
  const first = organisations[0];
  if (first === undefined) return [];
  return streamsOf(first, now, withOptIn).map(({ stream, key }, place) => ({
    stream,
    key: ['TenantID', ...key],
    rows: {
      *[Symbol.iterator]() {
        for (const books of organisations) {
          const TenantID = books.organisation.id;
          for (const row of streamsOf(books, now, withOptIn)[place]?.rows() ?? []) yield { TenantID, ...row };
        }
      },
    },
  }));
}

/** @param withOptIn also what a tap reads only when it is asked to: it costs a call for each document or contact */
function streamsOf(books: Books, now: () => number, withOptIn: boolean): TruthPart[] {
  const part = (stream: string, key: string[], rows: () => Iterable<Row>): TruthPart => ({ stream, key, rows });
  return [
    part('tenants', [], () => [tenantRow(books)]),
    part('organisation', ['OrganisationID'], () => [organisationRow(books)]),
    part('accounts', ['AccountID'], () => rowsOf(books.accounts, (row) => accountRow(books, row))),
    part('contacts', ['ContactID'], () => rowsOf(books.contacts, (row) => contactRow(books, row))),
    part('contact_addresses', ['ContactID', 'LineNumber'], () => contactRows(books, writeAddresses)),
    part('contact_phones', ['ContactID', 'LineNumber'], () => contactRows(books, writePhones)),
    part('contact_persons', ['ContactID', 'LineNumber'], () => []),
    part('invoices', ['InvoiceID'], () => rowsOf(books.invoices, (row) => invoiceRow(books, row))),
    ...lineParts(books, books.invoices, 'invoice', 'InvoiceID'),
    part('payments', ['PaymentID'], () => rowsOf(books.payments, (row) => paymentRow(books, row))),
    part('bank_transactions', ['BankTransactionID'], () =>
      rowsOf(books.bankTransactions, (row) => bankTransactionRow(books, row)),
    ),
    ...lineParts(books, books.bankTransactions, 'bank_transaction', 'BankTransactionID'),
    ...journalParts(books),
    ...reportParts(books, now),
    ...[...books.documents.values()].flatMap(documentParts),
    ...(withOptIn ? [...agedParts(books, now), ...detailParts(books)] : []),
  ];
}

function tenantRow(books: Books): Row {
  const { id, ...connection } = connectionOf(books);
  return {
    ConnectionID: id,
    TenantName: connection.tenantName,
    TenantType: connection.tenantType,
    CreatedDateUTC: `${connection.createdDateUtc}Z`,
    UpdatedDateUTC: `${connection.updatedDateUtc}Z`,
  };
}

function* rowsOf<Item>(collection: Collection<Item>, rowOf: (row: number) => Row): Generator<Row> {
  for (let row = 0; row < collection.count; row += 1) yield rowOf(row);
}

function* contactRows(books: Books, write: (contact: Contact) => Row[]): Generator<Row> {
  for (let row = 0; row < books.contacts.count; row += 1) {
    const ContactID = books.contacts.guids.of(row);
    for (const [place, part] of write(books.contacts.get(row)).entries())
      yield { ContactID, LineNumber: place + 1, ...part };
  }
}

type Lined = Pick<Collection<unknown>, 'guids' | 'count'> & { get: (row: number) => { lines: readonly Line[] } };

function lineParts(books: Books, documents: Lined, document: string, key: string): TruthPart[] {
  const lines = function* (): Generator<{ line: Line; id: Row; place: number }> {
    for (let row = 0; row < documents.count; row += 1) {
      for (const [place, line] of documents.get(row).lines.entries()) {
        const id = { [key]: documents.guids.of(row), LineItemID: documents.guids.of(row, line.part + 1) };
        yield { line, id, place };
      }
    }
  };
  return [
    {
      stream: `${document}_line_items`,
      key: [key, 'LineItemID'],
      rows: function* () {
        for (const { line, id, place } of lines()) yield { ...id, LineNumber: place + 1, ...lineRow(books, line) };
      },
    },
    {
      stream: `${document}_line_item_tracking`,
      key: [key, 'LineItemID', 'TrackingCategoryID'],
      rows: function* () {
        for (const { line, id } of lines()) for (const tracked of writeTracking(line)) yield { ...id, ...tracked };
      },
    },
  ];
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
