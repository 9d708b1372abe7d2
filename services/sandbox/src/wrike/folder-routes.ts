import express, { type Router } from 'express';
import { invalidParameter, notFound, sendPage } from './answers.ts';
import type { Company } from './company.ts';
import { folderModel, treeEntry, virtualFolders } from './folders.ts';
import { StableTokens } from './paging.ts';
import { Parameters } from './parameters.ts';
import { ids, only, PAGE_MAX } from './selection.ts';

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
const FOLDER_FILTERS = ['descendants', 'updatedDate', 'project', 'deleted', 'permalink'];
/** Unfiltered, the whole tree in short entries; with any filter, the Folder model in pages. */
export function folderRoutes({ folders }: Company): Router {
  const router = express.Router();
  const tokens = new StableTokens();
  router.get('/folders', (request, response) => {
    const parameters = new Parameters(request, [...FOLDER_FILTERS, 'fields', 'pageSize', 'nextPageToken']);
    if (!FOLDER_FILTERS.some((filter) => parameters.has(filter))) {
      if (parameters.has('fields')) throw invalidParameter('fields');
      const data = [...virtualFolders(folders), ...folders.in('live').map((folder) => treeEntry(folders, folder))];
      return sendPage(response, { kind: 'folderTree', data });
    }
    const fields = parameters.fields(FOLDER_FIELDS);
    const place = parameters.boolean('deleted') ? 'bin' : 'live';
    const project = parameters.boolean('project');
    const { start = 0, end = Number.POSITIVE_INFINITY } = parameters.range('updatedDate') ?? {};
    const matches = folders
      .in(place)
      .filter((folder) => project === undefined || Boolean(folder.project) === project)
      .filter(({ updatedDate }) => updatedDate >= start && updatedDate < end);
    const size = parameters.integer('pageSize', 1, PAGE_MAX);
    const token = parameters.text('nextPageToken');
    const offset = tokens.offset(token);
    const page = size === undefined ? matches : matches.slice(offset, offset + size);
    const isFull = size !== undefined && page.length === size;
    sendPage(response, {
      kind: 'folders',
      nextPageToken: isFull ? tokens.keep(token, offset + size) : undefined,
      responseSize: matches.length,
      data: page.map((folder) => only(folderModel(folders, folder), FOLDER_FIELDS, fields)),
    });
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
