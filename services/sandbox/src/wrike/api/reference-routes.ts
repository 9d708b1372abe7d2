import express, { type Router } from 'express';
import type { RowWithId } from '../company/collection.ts';
import type { Company } from '../company/company.ts';
import { REFERENCE_KINDS, type ReferenceKind } from '../company/reference.ts';
import { Parameters } from './parameters.ts';
import { notFound, sendPage } from './responses.ts';
import { ids, only } from './row-filter.ts';

/** Endpoints that return all there is in one response, work schedules, and what belongs to a space or a folder. */
export function referenceRoutes(company: Company): Router {
  const router = express.Router();
  for (const kind of REFERENCE_KINDS) addReferenceRoutes(router, company, kind);
  addScheduleRoutes(router, company);
  router.get('/spaces/:id/timelog_lock_periods', (request, response) => {
    new Parameters(request, []);
    if (!company.spaces.some(({ id }) => id === request.params.id)) throw notFound();
    const data = company.lockPeriods.rows.filter(({ spaceId }) => spaceId === request.params.id).map(periodModel);
    sendPage(response, { kind: 'timelogLockPeriods', data });
  });
  router.get('/folders/:ids/folders_history', (request, response) => {
    new Parameters(request, ['fields']);
    const found = ids(request.params.ids).flatMap((id) => company.folders.find(id) ?? []);
    if (found.length === 0) throw notFound();
    sendPage(response, { kind: 'foldersHistory', data: found.map((folder) => company.history.model(folder.number)) });
  });
  return router;
}

function periodModel({ startDate, endDate }: RowWithId): Record<string, unknown> {
  return { startDate, endDate };
}

function addReferenceRoutes(router: Router, { reference }: Company, kind: ReferenceKind): void {
  const { optionalFields = [], parameters: filters = [] } = kind;
  const rows = (): RowWithId[] => reference.get(kind.stream)?.rows ?? [];
  router.get(kind.path, (request, response) => {
    const parameters = new Parameters(
      request,
      ['fields', 'userIds'].filter((name) => name !== 'userIds' || filters.includes(name)),
      filters.filter((name) => name !== 'userIds'),
    );
    const fields = parameters.fields(optionalFields);
    const userIds = parameters.strings('userIds');
    const found = rows().filter((row) => userIds?.includes(String(row['userId'])) ?? true);
    sendPage(response, { kind: kind.kind, data: found.map((row) => only(row, optionalFields, fields)) });
  });
  router.get(`${kind.path}/:ids`, (request, response) => {
    const fields = new Parameters(request, ['fields']).fields(optionalFields);
    const asked = ids(request.params.ids);
    const found = rows().filter(({ id }) => asked.includes(id));
    if (found.length === 0) throw notFound();
    sendPage(response, { kind: kind.kind, data: found.map((row) => only(row, optionalFields, fields)) });
  });
}

function addScheduleRoutes(router: Router, { schedules }: Company): void {
  router.get('/workschedules', (request, response) => {
    const fields = new Parameters(request, ['fields']).fields(['userIds']);
    const data = schedules.list().map((row) => only(row, ['userIds'], fields));
    sendPage(response, { kind: 'workschedules', data });
  });
  router.get('/workschedules/:id/workschedule_exclusions', (request, response) => {
    new Parameters(request, [], ['dateRange']);
    const { id } = request.params;
    if (!schedules.list().some((one) => one.id === id)) throw notFound();
    const data = schedules.exclusionsOf(id).map(({ scheduleId: _, ...row }) => row);
    sendPage(response, { kind: 'workscheduleExclusions', data });
  });
}
