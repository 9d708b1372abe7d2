import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import type { SourceApi, SourceApiOptions } from '../../source-api.ts';
import { Access } from '../access/access.ts';
import type { Account } from '../company/account.ts';
import { type Merge, mergeObjects } from '../company/merge.ts';
import { mutatePortal } from '../company/mutate.ts';
import { foundedPortal, type Portal } from '../company/portal.ts';
import { truthOf } from '../truth/truth.ts';
import { associationRoutes, ownAssociationRoutes } from './association-routes.ts';
import { callLimits } from './call-limits.ts';
import { datedPaths } from './dated-paths.ts';
import { ApiFailure, failureBody, uriTooLong, validationError } from './failure.ts';
import { listRoutes } from './list-routes.ts';
import { marketingRoutes } from './marketing-routes.ts';
import { objectRoutes } from './object-routes.ts';
import { referenceRoutes } from './reference-routes.ts';
import { settingsRoutes } from './settings-routes.ts';

export interface HubspotApiOptions extends SourceApiOptions {
  /** How long a change stays out of the search index, in milliseconds.
   *  @default 2_000 of the real API's time: "a few moments" */
  indexLagMs?: number;
  /** Scopes that the app was not granted. @default none */
  missingScopes?: readonly string[];
  /** Type ids that the account has not activated, or has deleted. @default none */
  notActivated?: readonly string[];
  /** Every batch that holds one of these ids fails with 500. @default none */
  poisonIds?: readonly string[];
  /** @default 250,000, the smallest plan's */
  callsPerDay?: number;
  /** Objects of each type that were archived before anyone reads them. @default 1 in 100, at most 200 */
  archived?: number;
}

export interface HubspotApi extends SourceApi {
  portal: Portal;
  /** Can be changed while someone reads. */
  account: Account;
  /** Merges two records, by position, and returns the position of the one that is left. */
  merge: (merge: Merge) => number;
}

const DEFAULT_TOKENS = ['pat-na1-sandbox'];
const INDEX_LAG_MS = 2_000;
/** A little below the 16 KiB at which the real edge refuses, because Node refuses headers of that size itself. */
const URL_CHARS_MAX = 15_000;

/** HubSpot's API of one account, as a private app or an installed app sees it. */
export function createHubspotApi(options: HubspotApiOptions): HubspotApi {
  const { now, rateLimitFactor, tokens = DEFAULT_TOKENS, callsPerDay } = options;
  const portal = foundedPortal(options);
  const account: Account = {
    portal,
    now,
    indexLagMs: options.indexLagMs ?? INDEX_LAG_MS / rateLimitFactor,
    notImitated: options.notImitated ?? (() => {}),
    missingScopes: new Set(options.missingScopes),
    notActivated: new Set(options.notActivated),
    poisonIds: new Set(options.poisonIds),
  };
  const access = new Access(tokens, now);
  const limits = callLimits({ now, factor: rateLimitFactor, ...(callsPerDay !== undefined && { callsPerDay }) });
  const router = express.Router();
  router.use(datedPaths, access.router(account.missingScopes));
  router.use(access.authenticate, refuseLongUrls, limits.handler);
  router.use(express.json({ limit: '1mb' }));
  router.use('/crm/v3/objects', objectRoutes(account));
  router.use('/crm/v4/objects', ownAssociationRoutes(account));
  router.use('/crm/v4/associations', associationRoutes(account));
  router.use('/crm/v3/lists', listRoutes(account));
  router.use(referenceRoutes(account), marketingRoutes(account), settingsRoutes(account, limits));
  router.use((request, response) => {
    account.notImitated(`${request.method} ${request.path}`);
    response.status(404).json(failureBody(404));
  });
  router.use(sendFailure);
  return {
    source: 'hubspot',
    router,
    portal,
    account,
    truth: () => truthOf(account),
    mutate: (random) => mutatePortal(portal, random, now()),
    merge: (merge) => mergeObjects(portal, merge, now()),
    expireTokens: () => access.expireTokens(),
    failureBody,
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
