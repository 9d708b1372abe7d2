import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import type { SourceApi, SourceApiOptions } from '../source-api.ts';
import { AccessTokens, type Grant } from './access-token.ts';
import { Books } from './books.ts';
import { callLimits } from './call-limits.ts';
import { dataRouter } from './data-router.ts';
import { ApiFailure, failureBody, forbidden, unauthorised } from './failure.ts';
import { identityRouter, SCOPES } from './identity.ts';
import { mutateBooks } from './mutate.ts';
import { RefreshChain } from './refresh-chain.ts';
import { truthOf } from './truth.ts';

export interface XeroApiOptions extends SourceApiOptions {
  /** @default xero-sandbox-client */
  clientId?: string;
  /** @default xero-sandbox-secret */
  clientSecret?: string;
  /** The refresh token of the first consent. @default xero-sandbox-refresh-token */
  refreshToken?: string;
}

/** Xero: identity service, connections and the accounting API of one organisation, on one router. */
export function createXeroApi(options: XeroApiOptions): SourceApi {
  const { random, now, deals, tokens = [] } = options;
  const clientId = options.clientId ?? 'xero-sandbox-client';
  const clientSecret = options.clientSecret ?? 'xero-sandbox-secret';
  const first = options.refreshToken ?? 'xero-sandbox-refresh-token';
  const books = new Books({ deals, random, now: now() });
  const accessTokens = new AccessTokens({ key: clientSecret, clientId, now });
  const refreshChain = new RefreshChain({ first, secret: clientSecret, now });
  const grantOf = (request: express.Request) => authenticate(request, accessTokens, tokens);

  const router = express.Router();
  router.use(identityRouter({ clientId, clientSecret, accessTokens, refreshChain }));
  router.get('/connections', (request, response) => {
    grantOf(request);
    response.json([connection(books, now())]);
  });
  router.use(
    '/api.xro/2.0',
    authorise(books, grantOf),
    callLimits({ now, factor: options.rateLimitFactor }),
    dataRouter(books, now),
  );
  router.use(sendFailure);
  return {
    source: 'xero',
    router,
    truth: () => truthOf(books),
    mutate: (random) => mutateBooks(books, random, now()),
    expireTokens: () => accessTokens.expireAll(),
    failureBody,
  };
}

/** @throws ApiFailure 401 */
function authenticate(request: express.Request, accessTokens: AccessTokens, tokens: readonly string[]): Grant {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthorised('AuthenticationUnsuccessful');
  if (tokens.includes(token)) return { scopes: SCOPES, isCustomConnection: false };
  const grant = accessTokens.read(token);
  if (grant === undefined) throw unauthorised('AuthenticationUnsuccessful');
  if ('expiredAt' in grant) throw unauthorised(`TokenExpired: token expired at ${britishTime(grant.expiredAt)}`);
  return grant;
}

/** Lets data calls through that carry a good token and name the tenant. A custom connection knows its tenant. */
function authorise(books: Books, grantOf: (request: express.Request) => Grant): RequestHandler {
  return (request, response, next) => {
    const grant = grantOf(request);
    const tenant = request.header('Xero-Tenant-Id') ?? '';
    const isImplied = tenant === '' && grant.isCustomConnection;
    if (!isImplied && tenant !== books.organisation.id) throw forbidden();
    response.locals['scopes'] = grant.scopes;
    next();
  };
}

function connection(books: Books, now: number): Record<string, unknown> {
  const { id, name, createdAt } = books.organisation;
  const ticks = (time: number) => `${new Date(time).toISOString().slice(0, -1)}5400`;
  return {
    id: randomUUID(),
    authEventId: randomUUID(),
    tenantId: id,
    tenantType: 'ORGANISATION',
    tenantName: name,
    createdDateUtc: ticks(createdAt),
    updatedDateUtc: ticks(now),
  };
}

/** `04/09/2023 05:16:59` */
function britishTime(time: number): string {
  const [date = '', clock = ''] = new Date(time).toISOString().slice(0, 19).split('T');
  return `${date.split('-').reverse().join('/')} ${clock}`;
}

const sendFailure: ErrorRequestHandler = (error, _request, response, next) => {
  if (error instanceof ApiFailure) error.send(response);
  else next(error);
};
