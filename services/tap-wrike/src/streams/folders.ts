import { column, isJsonObject, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, type HttpClient } from '@pipeline/tap-kit';
import { AcceptedQuery } from '../reading/accepted-query.ts';
import { readByIds } from '../reading/by-ids.ts';
import { getPage, idOf, PAGE_SIZE, TREE } from '../reading/page.ts';
import { followTokens } from '../reading/same-second.ts';
import type { Settings } from '../settings.ts';
import { type Bridge, bridgeRecords, childDeletes, idBridge, shapeOf } from './bridge.ts';
import { customValueBridge, type FieldTypes, fieldTypes } from './custom-values.ts';
import { refusedNotice } from './refused.ts';

const FIELDS = [
  'metadata',
  'hasAttachments',
  'attachmentCount',
  'description',
  'briefDescription',
  'customFields',
  'superParentIds',
];
const OPTIONAL_FIELDS = ['customColumnIds', 'space', 'contractType'];
/** Without it the response is the tree. */
const CORE = ['project', 'nextPageToken'];
const FIELDS_BY_ID = ['attachmentCount', 'briefDescription', 'customColumnIds'];
const CUSTOM_VALUES = 'folder_custom_fields';

/** Where folders hang, who sees them, who leads a project. */
const LINKS = [
  idBridge('folder_parents', 'folderId', 'parentId', ({ parentIds }) => parentIds),
  idBridge('folder_members', 'folderId', 'contactId', ({ sharedIds }) => sharedIds),
  idBridge('project_owners', 'folderId', 'contactId', ({ project }) =>
    isJsonObject(project) ? project['ownerIds'] : [],
  ),
];

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
  about: {
    endpoint: 'GET /folders',
    scopes: ['Default|wsReadOnly'],
    deletes: 'absent from the next read',
    requestsIdle: 4,
  },
  children: bridgesOf(new Map()).map(shapeOf),
  read: async function* (context) {
    const { http, isSelected } = context;
    const types = isSelected(CUSTOM_VALUES) ? await fieldTypes(context) : new Map();
    const bridges = bridgesOf(types).filter(({ name }) => isSelected(name));
    yield { type: 'deletes', stream: 'folders', rule: { kind: 'absent' } };
    yield* childDeletes('folders', bridges, true);
    const accepted = new AcceptedQuery({ fields: FIELDS, optionalFields: OPTIONAL_FIELDS, core: CORE });
    const seen = new Set<string>();
    for await (const rows of everyFolder(http, accepted, seen)) {
      yield { type: 'records', stream: 'folders', records: rows };
      yield* bridgeRecords(bridges, rows);
    }
    yield* refusedNotice('folders', accepted);
  },
});

function bridgesOf(types: FieldTypes): Bridge[] {
  return [...LINKS, customValueBridge(CUSTOM_VALUES, 'folderId', types)];
}

/** Two walks, since only with the filter `project` and without `descendants` the response holds whole folders. Then what they missed: pages of
 *  folders have no order, so one that moves between them (or becomes a project) can be in none.
 *  Source: https://developers.wrike.com/reference/getfoldersempty */
async function* everyFolder(
  http: HttpClient,
  accepted: AcceptedQuery,
  seen: Set<string>,
): AsyncGenerator<JsonObject[]> {
  for (const project of [true, false]) {
    const pages = followTokens(
      (query) =>
        accepted.ask({ project, pageSize: PAGE_SIZE, ...query }, (asked) =>
          getPage(http, '/folders', asked, { kind: 'folders' }),
        ),
      {},
      { tokenParameter: 'nextPageToken', list: '/folders' },
    );
    for await (const { rows } of pages) yield fresh(rows, seen);
  }
  yield* missed(http, seen);
}

/** The tree names every folder in a single response: what the pages did not bring is fetched by its id. */
async function* missed(http: HttpClient, seen: Set<string>): AsyncGenerator<JsonObject[]> {
  const tree = await getPage(http, '/folders', {}, { kind: TREE });
  const ids = tree.rows.filter((row) => row['scope'] === 'WsFolder' && !seen.has(idOf(row))).map(idOf);
  const accepted = new AcceptedQuery({ optionalFields: FIELDS_BY_ID, core: [] });
  const client: HttpClient = {
    ...http,
    json: (request) => accepted.ask(request.query ?? {}, (query) => http.json({ ...request, query })),
  };
  for await (const { rows } of readByIds(client, ids, { prefix: '/folders/' })) yield fresh(rows, seen);
}

/** Folders in use that did not come before: neither root nor recycle bin, nor what lies in it. */
function fresh(rows: readonly JsonObject[], seen: Set<string>): JsonObject[] {
  const news = rows.filter((row) => row['scope'] === 'WsFolder' && !seen.has(idOf(row)));
  for (const row of news) seen.add(idOf(row));
  return news;
}
