import express, { type Router } from 'express';
import { notFound, sendPage } from './answers.ts';
import type { Company } from './company.ts';
import { classicNumber } from './ids.ts';
import { changingTokens, cut } from './paging.ts';
import { Parameters } from './parameters.ts';
import type { Search } from './row-store.ts';
import { ids, only, PAGE_MAX } from './selection.ts';
import { timelogModel } from './timelogs.ts';

const TIMELOG_PARAMETERS = [
  'createdDate',
  'updatedDate',
  'plainText',
  'fields',
  'pageSize',
  'pageToken',
  'nextPageToken',
];

export function timelogRoutes({ timelogs }: Company): Router {
  const router = express.Router();
  router.get('/timelogs', (request, response) => {
    const parameters = new Parameters(request, TIMELOG_PARAMETERS);
    const fields = parameters.fields(['billingType']);
    const token = parameters.text('pageToken') ?? parameters.text('nextPageToken');
    const offset = token === undefined ? 0 : changingTokens.offset(token);
    const size = parameters.integer('pageSize', 1, PAGE_MAX) ?? PAGE_MAX;
    const search: Search = {
      place: 'live',
      created: parameters.range('createdDate'),
      updated: parameters.range('updatedDate'),
    };
    const page = cut(timelogs.find(search), offset, size);
    sendPage(response, {
      kind: 'timelogs',
      nextPageToken: page.length === size ? changingTokens.issue(offset + size) : undefined,
      responseSize: timelogs.count(search),
      data: page.map((number) => only(timelogModel(timelogs, number), ['billingType'], fields)),
    });
  });
  router.get('/timelogs/:ids', (request, response) => {
    new Parameters(request, ['plainText', 'fields']);
    const known = ids(request.params.ids)
      .flatMap((id) => classicNumber('JQ', id) ?? [])
      .filter((number) => timelogs.place(number) === 'live');
    if (known.length === 0) throw notFound();
    sendPage(response, { kind: 'timelogs', data: known.map((number) => timelogModel(timelogs, number)) });
  });
  return router;
}
