import express, { type Router } from 'express';
import { notFound, type Page, sendPage } from './answers.ts';
import type { Company } from './company.ts';
import { BIN_ID, ROOT_ID, taskNumber } from './ids.ts';
import { changingTokens, cut } from './paging.ts';
import { Parameters } from './parameters.ts';
import type { Search } from './row-store.ts';
import { ids, only, PAGE_MAX, type Row } from './selection.ts';
import { THIN_TASK, taskModel } from './tasks.ts';

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
];
const TASK_FIELDS_BY_ID = ['recurrent', 'attachmentCount', 'effortAllocation', 'billingType'];
const TASK_PARAMETERS = [
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
export function taskRoutes({ tasks, folders }: Company): Router {
  const router = express.Router();
  const find = (parameters: Parameters, search: Pick<Search, 'place' | 'keep'>): Page => {
    const fields = parameters.fields(TASK_FIELDS);
    const size = parameters.integer('pageSize', 1, PAGE_MAX) ?? parameters.integer('limit', 1, PAGE_MAX);
    const withSubTasks = parameters.boolean('subTasks') ?? false;
    const full: Search = {
      place: search.place,
      created: parameters.range('createdDate'),
      updated: parameters.range('updatedDate'),
      keep: (number) => (withSubTasks || !tasks.isSubTask(number)) && (search.keep?.(number) ?? true),
    };
    const token = parameters.text('nextPageToken');
    const offset = token === undefined ? 0 : changingTokens.offset(token);
    const page = cut(sorted(parameters, full), offset, size ?? PAGE_MAX);
    // Without pageSize the answer ends at the limit, and does not say so.
    const isFull = parameters.has('pageSize') && page.length === size;
    return {
      kind: 'tasks',
      nextPageToken: isFull ? changingTokens.issue(offset + page.length) : undefined,
      responseSize: tasks.count(full),
      data: page.map((number) => onlyTask(taskModel(tasks, number), fields)),
    };
  };
  const sorted = (parameters: Parameters, search: Search): Iterable<number> => {
    const field = parameters.choice('sortField', ['CreatedDate', 'UpdatedDate']) ?? 'UpdatedDate';
    const order = parameters.choice('sortOrder', ['Asc', 'Desc']) ?? 'Desc';
    const matches = field === 'CreatedDate' ? tasks.find(search) : tasks.findByUpdate(search);
    const isNatural = (field === 'CreatedDate') === (order === 'Asc');
    return isNatural ? matches : [...matches].reverse();
  };
  router.get('/tasks', (request, response) => {
    sendPage(response, find(new Parameters(request, TASK_PARAMETERS), { place: 'live' }));
  });
  router.get('/folders/:id/tasks', (request, response) => {
    const parameters = new Parameters(request, TASK_PARAMETERS);
    const { id } = request.params;
    if (id === BIN_ID) return sendPage(response, find(parameters, { place: 'bin' }));
    if (id === ROOT_ID) return sendPage(response, find(parameters, { place: 'live' }));
    const folder = folders.find(id);
    if (!folder) throw notFound();
    const within = new Set(
      (parameters.boolean('descendants') ? folders.subtree(folder) : [folder]).map((one) => one.number),
    );
    const keep = (number: number): boolean => within.has(homeFolder(number) ?? -1);
    sendPage(response, find(parameters, { place: folder.place, keep }));
  });
  const homeFolder = (number: number): number | undefined => {
    const { folder, superTask } = tasks.row(number);
    return folder ?? (superTask === undefined ? undefined : homeFolder(superTask));
  };
  router.get('/tasks/:ids', (request, response) => {
    const asked = new Parameters(request, ['fields']).fields(TASK_FIELDS_BY_ID);
    const known = ids(request.params.ids)
      .flatMap((id) => taskNumber(id) ?? [])
      .filter((number) => tasks.place(number) !== 'gone');
    if (known.length === 0) throw notFound();
    const data = known.map((number) => only(taskModel(tasks, number), TASK_FIELDS_BY_ID, asked));
    sendPage(response, { kind: 'tasks', data });
  });
  return router;
}

function onlyTask(model: Row, asked: readonly string[]): Row {
  return Object.fromEntries(Object.entries(model).filter(([name]) => THIN_TASK.has(name) || asked.includes(name)));
}
