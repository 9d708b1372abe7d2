import { column, type JsonObject, type JsonSchema, objectSchema } from '@pipeline/singer';
import { defineStream, type Stream } from '@pipeline/tap-kit';
import { fetchList } from '../reading/list.ts';
import { readPages } from '../reading/pages.ts';
import { type Brought, type Context, readTenants, type TenantRead } from '../reading/read-tenants.ts';
import { addTo } from '../records/record.ts';
import type { Settings } from '../settings.ts';

/** The documents whose details are read, in this order. */
const DOCUMENTS = [
  { name: 'Invoices', id: 'InvoiceID', query: { summaryOnly: true, includeArchived: true }, saysAttachments: false },
  { name: 'CreditNotes', id: 'CreditNoteID', query: {}, saysAttachments: true },
  { name: 'BankTransactions', id: 'BankTransactionID', query: {}, saysAttachments: true },
];

/** Who changed what. */
export const history = detailStream({
  stream: 'history',
  path: 'History',
  listName: 'HistoryRecords',
  id: 'LineNumber',
  scopes: ['accounting.invoices.read|accounting.transactions.read'],
  columns: { Changes: column.string, DateUTC: column.dateTime, User: column.string, Details: column.string },
});

/** Names and sizes of files; the files themselves are not read. */
export const attachments = detailStream({
  stream: 'attachments',
  path: 'Attachments',
  listName: 'Attachments',
  id: 'AttachmentID',
  scopes: ['accounting.attachments.read'],
  columns: {
    FileName: column.string,
    MimeType: column.string,
    ContentLength: column.integer,
    Url: column.string,
    IncludeOnline: column.boolean,
  },
});

interface DetailForm {
  stream: string;
  path: string;
  listName: string;
  id: 'LineNumber' | 'AttachmentID';
  scopes: string[];
  columns: Record<string, JsonSchema>;
}

/** One call for each document that changed, which is why it is not read unless asked for. What a document no longer has is removed by the next
 *  whole read. */
function detailStream(form: DetailForm): Stream<Settings> {
  const { stream, id } = form;
  return defineStream<Settings>({
    name: stream,
    keyProperties: ['TenantID', 'DocumentID', id],
    replication: { method: 'INCREMENTAL', key: 'DocumentUpdatedDateUTC' },
    isSelectedByDefault: false,
    schema: objectSchema({
      TenantID: column.key,
      DocumentID: column.key,
      DocumentType: column.string,
      DocumentUpdatedDateUTC: column.dateTime,
      LineNumber: column.integer,
      ...form.columns,
      [id]: id === 'LineNumber' ? { type: ['integer'] } : column.key,
    }),
    about: {
      endpoint: `GET /api.xro/2.0/{document}/{id}/${form.path}`,
      scopes: form.scopes,
      deletes: 'whole read',
      requestsIdle: DOCUMENTS.length,
    },
    read: (context) =>
      readTenants(context, {
        stream,
        pace: 'daily',
        replicationKey: 'DocumentUpdatedDateUTC',
        recordOf: (row, { id: TenantID }) => addTo({ TenantID }, row),
        children: [],
        rows: (read) => detailsOf(context, form, read),
      }),
  });
}

async function* detailsOf(
  context: Context,
  { path, listName, id }: DetailForm,
  { tenant, modifiedSince }: TenantRead,
): AsyncGenerator<Brought, void> {
  for (const { name, id: documentId, query, saysAttachments } of DOCUMENTS) {
    const list = { name, id: documentId, query };
    for await (const page of readPages(context, { tenant, list, modifiedSince })) {
      for (const document of page.rows) {
        if (id === 'AttachmentID' && saysAttachments && document['HasAttachments'] !== true) continue;
        const request = { path: `${name}/${document[documentId]}/${path}`, listName };
        const { rows } = await fetchList(context, tenant, request);
        yield { rows: rows.map((row, place) => detail(row, { document, documentId, name, place })) };
      }
    }
  }
}

function detail(
  row: JsonObject,
  owner: { document: JsonObject; documentId: string; name: string; place: number },
): JsonObject {
  return {
    DocumentID: owner.document[owner.documentId],
    DocumentType: owner.name,
    DocumentUpdatedDateUTC: owner.document['UpdatedDateUTC'],
    LineNumber: owner.place + 1,
    ...row,
  };
}
