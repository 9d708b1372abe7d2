import type { Request, Response, Router } from 'express';
import type { Books } from '../company/books.ts';
import { money } from '../company/decimal.ts';
import { JOURNALS_PER_PAGE, type Journal } from '../company/ledger.ts';
import type { PostingLine } from '../company/posting.ts';
import { ApiFailure, notFound } from './failure.ts';
import { modifiedSince } from './matching-rows.ts';
import { Day, Instant, type Tree, toApi } from './tree.ts';
import { writeTracking } from './write-parts.ts';

const JOURNAL_SCOPES = ['accounting.journals'];

export interface JournalsDeps {
  booksOf: (response: Response) => Books;
  requireScope: (response: Response, scopes: readonly string[]) => void;
  sendList: (response: Response, content: Record<string, unknown>) => void;
  /** Tells of parameters that are not imitated. */
  known: (request: Request, names: readonly string[]) => void;
}

/** `/Journals`: up to 100 entries with a number above `offset`. The plan or the connection must allow it. */
export function journalRoutes(router: Router, { booksOf, requireScope, sendList, known }: JournalsDeps): void {
  router.get('/Journals', (request, response) => {
    requireScope(response, JOURNAL_SCOPES);
    known(request, ['offset', 'paymentsOnly']);
    const books = booksOf(response);
    const offset = offsetOf(request);
    const isCashOnly = String(request.query['paymentsOnly']).toLowerCase() === 'true';
    const since = modifiedSince(request.header('If-Modified-Since'));
    const found: Tree[] = [];
    for (const journal of books.ledger.after(offset)) {
      if (found.length >= JOURNALS_PER_PAGE) break;
      const isRecent = since === undefined || journal.createdAt >= since;
      if (isRecent && (journal.isCash || !isCashOnly)) found.push(toApi(journalTree(books, journal)));
    }
    sendList(response, { Journals: found });
  });
  router.get('/Journals/:id', (request, response) => {
    requireScope(response, JOURNAL_SCOPES);
    const { ledger } = booksOf(response);
    const { id } = request.params;
    const number = /^\d+$/.test(id) ? Number(id) : (ledger.guids.rowOf(id) ?? 0);
    const journal = number > 0 ? ledger.get(number) : undefined;
    if (journal === undefined) throw notFound();
    sendList(response, { Journals: [toApi(journalTree(booksOf(response), journal))] });
  });
}

/** An entry with its lines, as the API shows it and as a warehouse must hold it. */
export function journalTree(books: Books, journal: Journal): Tree {
  return {
    JournalID: books.ledger.guids.of(journal.number),
    JournalDate: new Day(journal.date),
    JournalNumber: journal.number,
    CreatedDateUTC: new Instant(journal.createdAt),
    Reference: '',
    SourceID: journal.sourceId,
    SourceType: journal.sourceType,
    JournalLines: journal.lines.map((line, place) => lineTree(books, journal, line, place)),
  };
}

function lineTree(books: Books, journal: Journal, line: PostingLine, place: number): Tree {
  const account = books.accounts.original(line.account);
  const isTaxed = line.tax !== 0;
  return {
    JournalLineID: books.ledger.guids.of(journal.number, place + 1),
    AccountID: books.accounts.guids.of(line.account),
    AccountCode: account.code,
    AccountType: account.type,
    AccountName: account.name,
    Description: line.description,
    NetAmount: money(line.net),
    GrossAmount: money(line.net + line.tax),
    TaxAmount: money(line.tax),
    ...(isTaxed ? { TaxType: account.taxType, TaxName: '15% GST' } : {}),
    TrackingCategories: line.region === undefined ? [] : writeTracking({ region: line.region }),
  };
}

function offsetOf(request: Request): number {
  const { offset = '0' } = request.query;
  const value = Number(offset);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new ApiFailure(400, { ErrorNumber: 10, Type: 'ValidationException', Message: 'Invalid offset', Elements: [] });
}
