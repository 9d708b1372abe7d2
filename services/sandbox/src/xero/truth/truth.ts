import type { TruthStream } from '../../source-api.ts';
import { connectionOf } from '../access/connections.ts';
import { writeAddresses, writePersons, writePhones } from '../api/contacts-resource.ts';
import { writeTracking } from '../api/write-parts.ts';
import type { Books } from '../company/books.ts';
import type { Collection } from '../company/collection.ts';
import type { Contact } from '../company/contact.ts';
import type { Line } from '../company/line.ts';
import { detailParts, documentParts, journalParts } from './truth-documents.ts';
import type { TruthPart } from './truth-part.ts';
import { agedParts, reportParts } from './truth-reports.ts';
import {
  accountRow,
  bankTransactionRow,
  contactRow,
  invoiceRow,
  lineRow,
  organisationRow,
  paymentRow,
} from './truth-rows.ts';

type Row = Record<string, unknown>;

/** What a warehouse must hold, of every organisation. Xero keeps voided, deleted and archived objects and returns them with their status, so they
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
    part('contact_persons', ['ContactID', 'LineNumber'], () => contactRows(books, writePersons)),
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
