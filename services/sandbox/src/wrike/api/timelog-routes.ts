import express, { type Router } from 'express';
import type { Company } from '../company/company.ts';
import { classicNumber, taskNumber } from '../company/ids.ts';
import type { Search } from '../company/row-store.ts';
import { categoryId, type Timelog, timelogModel } from '../company/timelogs.ts';
import { changingTokens, cut } from './paging.ts';
import { Parameters } from './parameters.ts';
import { notFound, type Page, sendPage } from './responses.ts';
import { ids, only, PAGE_MAX } from './row-filter.ts';

const OPTIONAL_FIELDS = ['billingType', 'approvalStatus', 'lockStatus', 'exportStatus', 'finance'];
const TIMELOG_PARAMETERS = [
  'createdDate',
  'updatedDate',
  'trackedDate',
  'me',
  'descendants',
  'subTasks',
  'timelogCategories',
  'billingTypes',
  'plainText',
  'fields',
  'pageSize',
  'pageToken',
  'nextPageToken',
];

type Scope = (company: Company, id: string, parameters: Parameters) => (timelog: Timelog) => boolean;

/** Time logs of the account, of a task, a person, a folder or a category. */
export function timelogRoutes(company: Company): Router {
  const { timelogs } = company;
  const router = express.Router();
  router.get('/timelogs', (request, response) => {
    sendPage(
      response,
      findTimelogs(company, new Parameters(request, TIMELOG_PARAMETERS), () => true),
    );
  });
  for (const [path, scope] of Object.entries(SCOPES)) {
    router.get(`/${path}/:id/timelogs`, (request, response) => {
      const parameters = new Parameters(request, TIMELOG_PARAMETERS);
      sendPage(response, findTimelogs(company, parameters, scope(company, String(request.params['id']), parameters)));
    });
  }
  router.get('/timelogs/:ids', (request, response) => {
    const fields = new Parameters(request, ['plainText', 'fields']).fields(OPTIONAL_FIELDS);
    const known = ids(request.params.ids)
      .flatMap((id) => classicNumber('JQ', id) ?? [])
      .filter((number) => timelogs.place(number) === 'live');
    if (known.length === 0) throw notFound();
    const data = known.map((number) => only(timelogModel(timelogs, number), OPTIONAL_FIELDS, fields));
    sendPage(response, { kind: 'timelogs', data });
  });
  return router;
}

const SCOPES: Record<string, Scope> = {
  tasks: ({ tasks }, id, parameters) => {
    const number = taskNumber(id);
    if (number === undefined || tasks.place(number) === 'gone') throw notFound();
    const within = new Set([number, ...(parameters.boolean('subTasks') ? tasks.subTasks(number) : [])]);
    return ({ task }) => within.has(task);
  },
  contacts: ({ contacts }, id) => {
    if (!contacts.some((contact) => contact.id === id)) throw notFound();
    return ({ userId }) => userId === id;
  },
  folders: ({ tasks, folders }, id, parameters) => {
    const folder = folders.find(id);
    if (!folder) throw notFound();
    const below = parameters.boolean('descendants') ? folders.subtree(folder) : [folder];
    const within = new Set(below.map(({ number }) => number));
    return ({ task }) => within.has(tasks.homeFolder(task) ?? -1);
  },
  timelog_categories: (_, id) => {
    return ({ category }) => categoryId(category) === id;
  },
};

function findTimelogs(company: Company, parameters: Parameters, isIn: (timelog: Timelog) => boolean): Page {
  const { timelogs } = company;
  const fields = parameters.fields(OPTIONAL_FIELDS);
  const token = parameters.text('pageToken') ?? parameters.text('nextPageToken');
  const offset = token === undefined ? 0 : changingTokens.offset(token);
  const size = parameters.integer('pageSize', 1, PAGE_MAX) ?? PAGE_MAX;
  const fits = timelogFilter(company, parameters);
  const search: Search = {
    place: 'live',
    created: parameters.range('createdDate'),
    updated: parameters.range('updatedDate'),
    keep: (number) => fits(timelogs.row(number)) && isIn(timelogs.row(number)),
  };
  const page = cut(timelogs.find(search), offset, size);
  // Without pageSize the response ends at the limit, and does not say so.
  const isFull = parameters.has('pageSize') && page.length === size;
  return {
    kind: 'timelogs',
    nextPageToken: isFull ? changingTokens.issue(offset + size) : undefined,
    responseSize: timelogs.count(search),
    data: page.map((number) => only(timelogModel(timelogs, number), OPTIONAL_FIELDS, fields)),
  };
}

function timelogFilter({ contacts }: Company, parameters: Parameters): (timelog: Timelog) => boolean {
  const me = parameters.has('me') ? contacts.find((contact) => contact.me)?.id : undefined;
  const tracked = parameters.days('trackedDate');
  const categories = parameters.strings('timelogCategories');
  const billing = parameters.strings('billingTypes', ['Billable', 'NonBillable']);
  return ({ userId, trackedDate, category, isBillable }) =>
    (me === undefined || userId === me) &&
    (!tracked || (trackedDate >= tracked.start && trackedDate <= tracked.end)) &&
    (categories?.includes(categoryId(category)) ?? true) &&
    (billing?.includes(isBillable ? 'Billable' : 'NonBillable') ?? true);
}
