import express, { type Router } from 'express';
import type { Company } from '../company/company.ts';
import { BIN_ID, ROOT_ID, taskNumber } from '../company/ids.ts';
import type { Search } from '../company/row-store.ts';
import { changingTokens, cut } from './paging.ts';
import { Parameters } from './parameters.ts';
import { notFound, type Page, sendPage } from './responses.ts';
import { ids, only, PAGE_MAX, type Row } from './row-filter.ts';
import { TASK_FILTERS, taskFilter } from './task-filters.ts';
import { followerIds, THIN_TASK, taskModel } from './task-model.ts';
import { sortedTasks } from './task-order.ts';

const TASK_FIELDS = [
  'authorIds',
  'hasAttachments',
  'attachmentCount',
  'parentIds',
  'superParentIds',
  'sharedIds',
  'responsibleIds',
  'responsiblePlaceholderIds',
  'description',
  'briefDescription',
  'recurrent',
  'superTaskIds',
  'subTaskIds',
  'dependencyIds',
  'metadata',
  'customFields',
  'effortAllocation',
  'billingType',
  'customItemTypeId',
  // Shown to accounts of the Resource add-on; this one has it not.
  'finance',
];
const TASK_FIELDS_BY_ID = ['recurrent', 'attachmentCount', 'effortAllocation', 'billingType'];
const TASK_PARAMETERS = [
  ...TASK_FILTERS,
  'fields',
  'descendants',
  'subTasks',
  'createdDate',
  'updatedDate',
  'sortField',
  'sortOrder',
  'pageSize',
  'nextPageToken',
  'limit',
];
const NOT_IMITATED = ['customItemTypes', 'plainTextCustomFields'];

export function taskRoutes(company: Company): Router {
  const { tasks, folders } = company;
  const router = express.Router();
  router.get('/tasks', (request, response) => {
    const parameters = new Parameters(request, TASK_PARAMETERS, NOT_IMITATED);
    sendPage(response, findTasks(company, parameters, { place: 'live' }));
  });
  // A space is a folder too.
  router.get(['/folders/:id/tasks', '/spaces/:id/tasks'], (request, response) => {
    const parameters = new Parameters(request, TASK_PARAMETERS, NOT_IMITATED);
    const id = String(request.params['id']);
    if (id === BIN_ID) return sendPage(response, findTasks(company, parameters, { place: 'bin' }));
    if (id === ROOT_ID) return sendPage(response, findTasks(company, parameters, { place: 'live' }));
    const folder = folders.find(id);
    if (!folder) throw notFound();
    const below = parameters.boolean('descendants') ? folders.subtree(folder) : [folder];
    const within = new Set(below.map((one) => one.number));
    const keep = (number: number): boolean => within.has(tasks.homeFolder(number) ?? -1);
    sendPage(response, findTasks(company, parameters, { place: folder.place, keep }));
  });
  router.get('/tasks/:ids', (request, response) => {
    const asked = new Parameters(request, ['fields']).fields(TASK_FIELDS_BY_ID);
    const known = ids(request.params.ids)
      .flatMap((id) => taskNumber(id) ?? [])
      .filter((number) => tasks.place(number) !== 'gone');
    if (known.length === 0) throw notFound();
    const data = known.map((number) => ({
      ...only(taskModel(tasks, number), TASK_FIELDS_BY_ID, asked),
      followerIds: followerIds(tasks.row(number)),
    }));
    sendPage(response, { kind: 'tasks', data });
  });
  return router;
}

function findTasks(company: Company, parameters: Parameters, search: Pick<Search, 'place' | 'keep'>): Page {
  const { tasks } = company;
  parameters.notTogether('limit', 'pageSize');
  const fields = parameters.fields(TASK_FIELDS);
  const size = parameters.integer('pageSize', 1, PAGE_MAX) ?? parameters.integer('limit', 1, PAGE_MAX);
  const withSubTasks = parameters.boolean('subTasks') ?? false;
  const fits = TASK_FILTERS.some((filter) => parameters.has(filter)) ? taskFilter(parameters, company) : () => true;
  const full: Search = {
    place: search.place,
    created: parameters.range('createdDate'),
    updated: parameters.range('updatedDate'),
    keep: (number) => (withSubTasks || !tasks.isSubTask(number)) && (search.keep?.(number) ?? true) && fits(number),
  };
  const token = parameters.text('nextPageToken');
  const offset = token === undefined ? 0 : changingTokens.offset(token);
  const page = cut(sortedTasks(tasks, parameters, full), offset, size ?? PAGE_MAX);
  // Without pageSize the response ends at the limit, and does not say so.
  const isFull = parameters.has('pageSize') && page.length === size;
  return {
    kind: 'tasks',
    nextPageToken: isFull ? changingTokens.issue(offset + page.length) : undefined,
    responseSize: tasks.count(full),
    data: page.map((number) => onlyTask(taskModel(tasks, number), fields)),
  };
}

function onlyTask(model: Row, asked: readonly string[]): Row {
  const shown: Row = {};
  for (const name in model) if (THIN_TASK.has(name) || asked.includes(name)) shown[name] = model[name];
  return shown;
}
