import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, type HttpClient } from '@pipeline/tap-kit';
import { AcceptedFields } from '../accepted-fields.ts';
import { type GetPage, getPage, idOf, PAGE_SIZE } from '../page.ts';
import { followTokens } from '../same-second.ts';
import type { Settings } from '../settings.ts';

/** Most ids that one path may name. */
const IDS_MAX = 100;
const FIELDS = [
  'metadata',
  'hasAttachments',
  'attachmentCount',
  'description',
  'briefDescription',
  'customFields',
  'customColumnIds',
  'superParentIds',
  'space',
];
const OPTIONAL_FIELDS = ['customColumnIds', 'space'];

/** Folders, projects (those with `project`) and the folders of spaces, in one stream: one can become the other. Read completely each time, since
 *  `updatedDate` is not documented to move with a folder's place, and there are few compared with tasks. */
export const folders = defineStream<Settings>({
  name: 'folders',
  keyProperties: ['id'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({
    id: column.key,
    accountId: column.string,
    title: column.string,
    createdDate: column.dateTime,
    updatedDate: column.dateTime,
    description: column.string,
    briefDescription: column.string,
    color: column.string,
    sharedIds: column.array,
    parentIds: column.array,
    childIds: column.array,
    superParentIds: column.array,
    scope: column.string,
    hasAttachments: column.boolean,
    attachmentCount: column.integer,
    permalink: column.string,
    workflowId: column.string,
    metadata: column.array,
    customFields: column.array,
    customColumnIds: column.array,
    space: column.boolean,
    project: column.object,
  }),
  read: async function* ({ http }) {
    const seen = new Set<string>();
    for await (const rows of pages(http)) {
      for (const row of rows) seen.add(idOf(row));
      yield { type: 'records', stream: 'folders', records: rows };
    }
    for await (const rows of missed(http, seen)) yield { type: 'records', stream: 'folders', records: rows };
    yield { type: 'deletes', stream: 'folders', rule: { kind: 'absent' } };
  },
});

/** A filter is what makes the API answer with whole folders instead of the tree. */
const IN_USE = { deleted: false, descendants: true, pageSize: PAGE_SIZE };

async function* pages(http: HttpClient): AsyncGenerator<JsonObject[]> {
  const accepted = new AcceptedFields(FIELDS, OPTIONAL_FIELDS);
  const page: GetPage = (query) => accepted.ask((fields) => getPage(http, '/folders', { ...query, fields }));
  for await (const { rows } of followTokens(page, IN_USE, 'nextPageToken')) yield rows;
}

/** Pages of folders have no order, so one that moves between pages can be missed. The tree names every folder in a single answer:
 *  what the pages did not bring is fetched by its id. */
async function* missed(http: HttpClient, seen: ReadonlySet<string>): AsyncGenerator<JsonObject[]> {
  const tree = await getPage(http, '/folders');
  const ids = tree.rows.filter((row) => row['scope'] === 'WsFolder' && !seen.has(idOf(row))).map(idOf);
  for (let first = 0; first < ids.length; first += IDS_MAX) {
    const some = ids.slice(first, first + IDS_MAX).map(encodeURIComponent);
    const { rows } = await getPage(http, `/folders/${some.join(',')}`, {
      fields: '["attachmentCount","briefDescription","customColumnIds"]',
    });
    yield rows.filter((row) => row['scope'] === 'WsFolder');
  }
}
