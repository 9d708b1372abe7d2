import express, { type ErrorRequestHandler, type Router } from 'express';
import type { Company } from '../company/company.ts';
import { dependencyRoutes } from './dependency-routes.ts';
import { folderRoutes } from './folder-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { referenceRoutes } from './reference-routes.ts';
import { sendError, WrikeError } from './responses.ts';
import { settingsRoutes } from './settings-routes.ts';
import { spaceRoutes } from './space-routes.ts';
import { taskRoutes } from './task-routes.ts';
import { timelogRoutes } from './timelog-routes.ts';
import { workRecordRoutes } from './work-record-routes.ts';

/** Paths that the real API has and this one has not. */
const NOT_IMITATED =
  /^\/(?:data_export|data_export_schema|colors|version|ids|async_job|rollups|users|user_types|assets)\b/;

/** The endpoints below `/api/v4`. */
export function wrikeRoutes(company: Company, notImitated: (what: string) => void = () => undefined): Router {
  const router = express.Router();
  router.use((_request, response, next) => {
    response.locals['notImitated'] = notImitated;
    next();
  });
  router.use(settingsRoutes(company), peopleRoutes(company), spaceRoutes(company), folderRoutes(company));
  router.use(taskRoutes(company), timelogRoutes(company), dependencyRoutes(company), workRecordRoutes(company));
  router.use(referenceRoutes(company));
  router.use((request, response) => {
    if (NOT_IMITATED.test(request.path) || request.method !== 'GET') notImitated(`${request.method} ${request.path}`);
    sendError(response, new WrikeError(404, 'method_not_found', 'Requested method is not found'));
  });
  router.use(wordErrors);
  return router;
}

const wordErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (error instanceof WrikeError) sendError(response, error);
  else next(error);
};
