import express, { type ErrorRequestHandler, type Router } from 'express';
import { sendError, WrikeError } from './answers.ts';
import type { Company } from './company.ts';
import { folderRoutes } from './folder-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { taskRoutes } from './task-routes.ts';
import { timelogRoutes } from './timelog-routes.ts';

/** The endpoints below `/api/v4`. */
export function wrikeRoutes(company: Company): Router {
  const router = express.Router();
  router.use(settingsRoutes(company), folderRoutes(company), taskRoutes(company), timelogRoutes(company));
  router.use((_request, response) => {
    sendError(response, new WrikeError(404, 'method_not_found', 'Requested method is not found'));
  });
  router.use(wordErrors);
  return router;
}

const wordErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (error instanceof WrikeError) sendError(response, error);
  else next(error);
};
