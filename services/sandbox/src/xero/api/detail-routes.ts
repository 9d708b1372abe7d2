import type { Response, Router } from 'express';
import type { Collection } from '../company/collection.ts';
import { notFound } from './failure.ts';
import { hasAttachments } from './invoices-resource.ts';
import type { Resource } from './resource.ts';
import { Instant, toApi } from './tree.ts';

/** Endpoints whose objects have a history, and those that have attachments. */
const WITH_HISTORY = new Set([
  'Invoices',
  'BankTransactions',
  'Contacts',
  'CreditNotes',
  'PurchaseOrders',
  'Quotes',
  'Payments',
]);
const WITH_ATTACHMENTS = new Set([
  'Invoices',
  'BankTransactions',
  'Contacts',
  'CreditNotes',
  'PurchaseOrders',
  'ManualJournals',
]);

/** `/Invoices/{id}/History` and `/Attachments`: one call for each document. */
export function detailRoutes<Item>(
  router: Router,
  name: string,
  deps: {
    resourceOf: (response: Response) => Resource<Item>;
    requireScope: (response: Response, scopes: readonly string[]) => void;
    sendList: (response: Response, content: Record<string, unknown>) => void;
  },
): void {
  if (WITH_HISTORY.has(name)) {
    router.get(`/${name}/:id/History`, (request, response) => {
      const resource = deps.resourceOf(response);
      deps.requireScope(response, resource.scopes);
      const row = resource.collection.rowOf(request.params.id);
      if (row === undefined) throw notFound();
      deps.sendList(response, { HistoryRecords: historyOf(resource, row).map((record) => toApi(record)) });
    });
  }
  if (WITH_ATTACHMENTS.has(name)) {
    router.get(`/${name}/:id/Attachments`, (request, response) => {
      const resource = deps.resourceOf(response);
      deps.requireScope(response, ['accounting.attachments']);
      const row = resource.collection.rowOf(request.params.id);
      if (row === undefined) throw notFound();
      deps.sendList(response, { Attachments: attachmentsOf(resource.collection, name, row) });
    });
  }
}

/** What happened to an object, as far as anyone can tell: it was last changed. */
export function historyOf<Item>({ collection }: Pick<Resource<Item>, 'collection'>, row: number) {
  const at = collection.updatedAt(row);
  return [{ Changes: 'Edited', DateUTC: new Instant(at), User: 'System Generated', Details: 'Changed by a person' }];
}

/** One scan for each document that says it has attachments. */
export function attachmentsOf(collection: Pick<Collection<unknown>, 'guids'>, name: string, row: number) {
  if (name !== 'Invoices' || !hasAttachments(row)) return [];
  const id = collection.guids.of(row, ATTACHMENT_PART);
  const file = { FileName: `scan-${row + 1}.pdf`, MimeType: 'application/pdf', ContentLength: 1_000 + row };
  return [{ AttachmentID: id, ...file, IncludeOnline: false, Url: `https://api.xero.com/api.xro/2.0/${name}/${id}` }];
}

/** No document has so many lines. */
const ATTACHMENT_PART = 9_999;
