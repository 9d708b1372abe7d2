import { attachmentsOf, historyOf } from '../api/detail-routes.ts';
import { journalTree } from '../api/journals-routes.ts';
import { Instant, type Tree, toTruth } from '../api/tree.ts';
import type { Books } from '../company/books.ts';
import { documentId, liveRows } from '../company/documents.ts';
import { type Child, type Documents, GONE } from '../kinds/kind.ts';
import type { TruthPart } from './truth-part.ts';

type Row = Record<string, unknown>;
type References = Record<string, { id: string; column: string }>;

/** A kind and its child tables. */
export function documentParts(documents: Documents): TruthPart[] {
  const { kind } = documents;
  const children = kind.children ?? [];
  return [
    {
      stream: kind.stream,
      key: [kind.idField],
      rows: function* () {
        for (const row of liveRows(documents)) {
          const whole = documentRow(documents, row);
          for (const { property } of children) delete whole[property];
          yield withIds(whole, kind.references);
        }
      },
    },
    ...children.flatMap((child) => childParts(documents, child)),
  ];
}

function documentRow(documents: Documents, row: number): Row {
  const { kind, collection } = documents;
  const { [GONE]: _gone, ...tree } = collection.get(row);
  const updated = kind.updated && { [kind.updated.field]: new Instant(collection.updatedAt(row)) };
  return toTruth({ [kind.idField]: documentId(documents, row), ...tree, ...updated });
}

function childParts(documents: Documents, child: Child): TruthPart[] {
  const { kind } = documents;
  const parent = child.parentColumn ?? kind.idField;
  const rows = function* (): Generator<Row> {
    for (const row of liveRows(documents)) {
      const list = documentRow(documents, row)[child.property];
      const id = documentId(documents, row);
      const items = treesOf(list).flatMap((item) => child.spread?.(item) ?? [item]);
      for (const [place, item] of items.entries()) {
        yield { [parent]: id, LineNumber: place + 1, ...withIds(item, child.references) };
      }
    }
  };
  const own: TruthPart = { stream: child.stream, key: [parent, ...child.key], rows };
  const { tracking } = child;
  if (tracking === undefined) return [own];
  const key = [parent, ...child.key, 'TrackingCategoryID'];
  return [
    own,
    { stream: tracking.stream, key, rows: () => tracked(rows(), tracking.property, [parent, ...child.key]) },
  ];
}

/** The tracking of each row, with the columns that say whose it is. */
function* tracked(rows: Iterable<Row>, property: string, key: string[]): Generator<Row> {
  for (const row of rows) {
    const owner = Object.fromEntries(key.map((name) => [name, row[name]]));
    for (const option of treesOf(row[property])) yield { ...owner, ...option };
  }
}

/** The general ledger, whole and on the cash basis. */
export function journalParts(books: Books): TruthPart[] {
  return [
    ...ledgerParts(books, { entry: 'journals', line: 'journal_lines', tracking: 'journal_line_tracking' }, false),
    ...ledgerParts(
      books,
      { entry: 'journals_cash', line: 'journal_cash_lines', tracking: 'journal_cash_line_tracking' },
      true,
    ),
  ];
}

function ledgerParts(
  books: Books,
  names: { entry: string; line: string; tracking: string },
  isCash: boolean,
): TruthPart[] {
  const entries = function* (): Generator<Row> {
    for (const journal of books.ledger.after(0)) {
      if (journal.isCash || !isCash) yield toTruth(journalTree(books, journal));
    }
  };
  const lines = function* (): Generator<Row> {
    for (const { JournalID, JournalLines: list } of entries()) {
      for (const [place, line] of treesOf(list).entries()) yield { JournalID, LineNumber: place + 1, ...line };
    }
  };
  return [
    {
      stream: names.entry,
      key: ['JournalID'],
      rows: function* () {
        for (const { JournalLines: _lines, ...entry } of entries()) yield entry;
      },
    },
    { stream: names.line, key: ['JournalID', 'JournalLineID'], rows: lines },
    {
      stream: names.tracking,
      key: ['JournalID', 'JournalLineID', 'TrackingCategoryID'],
      rows: () => tracked(lines(), 'TrackingCategories', ['JournalID', 'JournalLineID']),
    },
  ];
}

/** What is read of each document by a call of its own. */
export function detailParts(books: Books): TruthPart[] {
  const collections = {
    Invoices: books.invoices,
    CreditNotes: books.document('CreditNotes'),
    BankTransactions: books.bankTransactions,
  };
  const details = function* (
    list: (collection: (typeof collections)['Invoices'], name: string, row: number) => Tree[],
  ) {
    for (const [DocumentType, collection] of Object.entries(collections)) {
      for (let row = 0; row < collection.count; row += 1) {
        const DocumentUpdatedDateUTC = new Date(collection.updatedAt(row)).toISOString();
        const document = { DocumentID: collection.guids.of(row), DocumentType, DocumentUpdatedDateUTC };
        const items = list(collection as (typeof collections)['Invoices'], DocumentType, row);
        for (const [place, item] of items.entries()) yield { ...document, LineNumber: place + 1, ...toTruth(item) };
      }
    }
  };
  return [
    {
      stream: 'history',
      key: ['DocumentID', 'LineNumber'],
      rows: () => details((collection, _name, row) => historyOf({ collection }, row)),
    },
    { stream: 'attachments', key: ['DocumentID', 'AttachmentID'], rows: () => details(attachmentsOf) },
  ];
}

function withIds(row: Row, references: References = {}): Row {
  const flat = { ...row };
  for (const [property, { id, column }] of Object.entries(references)) {
    const target = flat[property];
    delete flat[property];
    flat[column] = typeof target === 'object' && target !== null ? (target as Row)[id] : undefined;
  }
  return flat;
}

function treesOf(list: unknown): Tree[] {
  return Array.isArray(list) ? list : [];
}
