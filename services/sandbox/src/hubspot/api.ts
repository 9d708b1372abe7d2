import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import type { SourceApi, SourceApiOptions } from '../source-api.ts';
import { associationRoutes } from './association-routes.ts';
import { callLimits } from './call-limits.ts';
import { ApiFailure, failureBody, unauthorised, uriTooLong, validationError } from './failure.ts';
import { mutatePortal } from './mutate.ts';
import { objectRoutes } from './object-routes.ts';
import { foundedPortal } from './portal.ts';
import { referenceRoutes } from './reference-routes.ts';
import { truthOf } from './truth.ts';

export interface HubspotApiOptions extends SourceApiOptions {
  /** How long a change stays out of the search index, in milliseconds.
   *  @default 2_000 of the real API's time: "a few moments" */
  indexLagMs?: number;
}

const DEFAULT_TOKENS = ['pat-na1-sandbox'];
const INDEX_LAG_MS = 2_000;
/** A little below the 16 KiB at which the real edge refuses, because Node refuses headers of that size itself. */
const URL_CHARS_MAX = 15_000;

/** HubSpot's CRM API of one account, as a private app sees it. */
export function createHubspotApi(options: HubspotApiOptions): SourceApi {
  const { now, rateLimitFactor, tokens = DEFAULT_TOKENS } = options;
  const indexLagMs = options.indexLagMs ?? INDEX_LAG_MS / rateLimitFactor;
  const portal = foundedPortal(options);
  const router = express.Router();
  router.use(authenticate(tokens), refuseLongUrls, callLimits({ now, factor: rateLimitFactor }));
  router.use(express.json({ limit: '1mb' }));
  router.use('/crm/v3/objects', objectRoutes(portal, now, indexLagMs));
  router.use('/crm/v4/associations', associationRoutes(portal, now));
  router.use(referenceRoutes(portal));
  router.use((_request, response) => {
    response.status(404).json(failureBody(404));
  });
  router.use(sendFailure);
  return {
    source: 'hubspot',
    router,
    truth: () => truthOf(portal),
    mutate: (random) => mutatePortal(portal, random, now()),
    // The token of a private app has no end of life.
    expireTokens: () => {},
    failureBody,
  };
}

function authenticate(tokens: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || !tokens.includes(token)) throw unauthorised();
    next();
  };
}

const refuseLongUrls: RequestHandler = (request, _response, next) => {
  if (request.originalUrl.length > URL_CHARS_MAX) throw uriTooLong();
  next();
};

const sendFailure: ErrorRequestHandler = (error, _request, response, next) => {
  if (error instanceof ApiFailure) error.send(response);
  else if (error instanceof SyntaxError) validationError('Invalid input JSON').send(response);
  else next(error);
};
