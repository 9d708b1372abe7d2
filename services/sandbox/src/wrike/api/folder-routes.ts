import express, { type Router } from 'express';
import type { Company } from '../company/company.ts';
import { customFieldValues } from '../company/custom-fields.ts';
import { type Folder, folderModel, treeEntry, virtualFolders } from '../company/folders.ts';
import { folderPermalink } from '../company/ids.ts';
import { StableTokens } from './paging.ts';
import { Parameters } from './parameters.ts';
import { invalidParameter, notFound, type Page, sendPage } from './responses.ts';
import { ids, only, PAGE_MAX } from './row-filter.ts';

const FOLDER_FIELDS = [
  'metadata',
  'hasAttachments',
  'attachmentCount',
  'description',
  'briefDescription',
  'customFields',
  'customColumnIds',
  'superParentIds',
  'space',
  'contractType',
];
const FOLDER_FIELDS_BY_ID = ['briefDescription', 'customColumnIds', 'attachmentCount', 'contractType'];
const FOLDER_FILTERS = ['updatedDate', 'project', 'deleted', 'permalink', 'customField', 'customFields', 'metadata'];
const FOLDER_PARAMETERS = [...FOLDER_FILTERS, 'descendants', 'fields', 'pageSize', 'nextPageToken'];
const NOT_IMITATED = [
  'contractTypes',
  'customItemTypes',
  'plainTextCustomFields',
  'withInvitations',
  'title',
  'authors',
  'owners',
];

/** The tree in short entries, or whole folders in pages. */
export function folderRoutes({ folders }: Company): Router {
  const router = express.Router();
  const tokens = new StableTokens();
  const pageOf = (parameters: Parameters, scope: FolderScope): Page => {
    if (isTree(parameters)) {
      for (const name of ['fields', 'pageSize', 'nextPageToken'])
        if (parameters.has(name)) throw invalidParameter(name);
      const keep = folderFilter(parameters);
      const entries = scope.all.filter(keep).map((folder) => treeEntry(folders, folder));
      return { kind: 'folderTree', data: [...(scope.isAccount ? virtualFolders(folders) : []), ...entries] };
    }
    const fields = parameters.fields(FOLDER_FIELDS);
    const near = parameters.boolean('descendants') === false ? scope.direct : scope.all;
    const matches = near.filter(folderFilter(parameters));
    const size = parameters.integer('pageSize', 1, PAGE_MAX);
    const token = parameters.text('nextPageToken');
    const offset = tokens.offset(token);
    const page = size === undefined ? matches : matches.slice(offset, offset + size);
    const isFull = size !== undefined && page.length === size;
    return {
      kind: 'folders',
      nextPageToken: isFull ? tokens.keep(token, offset + size) : undefined,
      responseSize: matches.length,
      data: page.map((folder) => only(folderModel(folders, folder), FOLDER_FIELDS, fields)),
    };
  };
  router.get('/folders', (request, response) => {
    const parameters = new Parameters(request, FOLDER_PARAMETERS, NOT_IMITATED);
    const place = parameters.boolean('deleted') ? 'bin' : 'live';
    const all = folders.in(place);
    const direct = all.filter(({ parent }) => parent?.place !== place);
    sendPage(response, pageOf(parameters, { all, direct, isAccount: true }));
  });
  router.get(['/folders/:id/folders', '/spaces/:id/folders'], (request, response) => {
    const parameters = new Parameters(request, FOLDER_PARAMETERS, NOT_IMITATED);
    const folder = folders.find(String(request.params['id']));
    if (!folder) throw notFound();
    const all = folders.subtree(folder);
    const direct = folders.children(folder, folder.place);
    sendPage(response, pageOf(parameters, { all, direct, isAccount: false }));
  });
  router.get('/folders/:ids', (request, response) => {
    const asked = new Parameters(request, ['fields']).fields(FOLDER_FIELDS_BY_ID);
    const found = ids(request.params.ids).flatMap((id) => folders.find(id) ?? []);
    const data = found.map((folder) => only(folderModel(folders, folder), FOLDER_FIELDS_BY_ID, asked));
    if (data.length === 0) throw notFound();
    sendPage(response, { kind: 'folders', data });
  });
  return router;
}

interface FolderScope {
  all: Folder[];
  direct: Folder[];
  isAccount: boolean;
}

/** The rule of 2026: a tree without any filter, and with filters that come with `descendants=true`. */
function isTree(parameters: Parameters): boolean {
  const descendants = parameters.boolean('descendants');
  if (descendants !== undefined) return descendants;
  return !FOLDER_FILTERS.some((filter) => parameters.has(filter));
}

function folderFilter(parameters: Parameters): (folder: Folder) => boolean {
  const project = parameters.boolean('project');
  const permalink = parameters.text('permalink');
  const custom = [...(parameters.objects('customFields') ?? [])];
  const old = parameters.object('customField');
  if (old) custom.push(old);
  const hasMetadata = parameters.object('metadata') !== undefined;
  const { start = 0, end = Number.POSITIVE_INFINITY } = parameters.range('updatedDate') ?? {};
  return (folder) =>
    (project === undefined || Boolean(folder.project) === project) &&
    (permalink === undefined || folderPermalink(folder.number) === permalink) &&
    custom.every(({ id, value }) =>
      customFieldValues(folder.values).some((held) => held.id === id && held.value === value),
    ) &&
    !hasMetadata &&
    folder.updatedDate >= start &&
    folder.updatedDate < end;
}
