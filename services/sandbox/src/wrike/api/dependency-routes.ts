import express, { type Router } from 'express';
import type { Company } from '../company/company.ts';
import { dependencyId, dependencyNumbers, taskId, taskNumber } from '../company/ids.ts';
import { Parameters } from './parameters.ts';
import { notFound, sendPage } from './responses.ts';
import { ids } from './row-filter.ts';

/** What one task waits for. */
export function dependencyRoutes({ tasks }: Company): Router {
  const router = express.Router();
  const isLive = (number: number): boolean => tasks.place(number) === 'live';
  const exists = (from: number, to: number): boolean =>
    isLive(from) && isLive(to) && tasks.row(to).predecessor === from;
  router.get('/dependencies/:ids', (request, response) => {
    new Parameters(request, []);
    const pairs = ids(request.params.ids).flatMap((id) => {
      const pair = dependencyNumbers(id);
      return pair && exists(...pair) ? [pair] : [];
    });
    if (pairs.length === 0) throw notFound();
    sendPage(response, { kind: 'dependencies', data: pairs.map((pair) => dependencyModel(...pair)) });
  });
  router.get('/tasks/:id/dependencies', (request, response) => {
    new Parameters(request, []);
    const number = taskNumber(request.params.id);
    if (number === undefined || tasks.place(number) === 'gone') throw notFound();
    const { predecessor } = tasks.row(number);
    const before = predecessor !== undefined && exists(predecessor, number) ? [[predecessor, number] as const] : [];
    const after = tasks
      .successors(number)
      .filter((successor) => exists(number, successor))
      .map((successor) => [number, successor] as const);
    const data = [...before, ...after].map((pair) => dependencyModel(...pair));
    sendPage(response, { kind: 'dependencies', data });
  });
  return router;
}

export function dependencyModel(from: number, to: number): Record<string, unknown> {
  return {
    id: dependencyId(from, to),
    predecessorId: taskId(from),
    successorId: taskId(to),
    relationType: 'FinishToStart',
    lagTime: to % 3 === 0 ? 480 : 0,
  };
}
