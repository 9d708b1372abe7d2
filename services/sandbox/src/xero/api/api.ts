import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import type { SourceApi, SourceApiOptions } from '../../source-api.ts';
import { AccessTokens, type Grant } from '../access/access-token.ts';
import { Connections, connectionsRouter } from '../access/connections.ts';
import { firstConsent, identityRouter } from '../access/identity.ts';
import { IssuedTokens } from '../access/issued-tokens.ts';
import { RefreshChains } from '../access/refresh-chains.ts';
import { READ_SCOPES, type ScopeSet } from '../access/scopes.ts';
import { Books } from '../company/books.ts';
import { mutateBooks } from '../company/mutate.ts';
import { settleWithCredits } from '../company/mutate-documents.ts';
import { truthOf } from '../truth/truth.ts';
import { callLimits } from './call-limits.ts';
import { dataRouter } from './data-router.ts';
import { ApiFailure, failureBody, forbidden, unauthorised } from './failure.ts';

export interface XeroApiOptions extends SourceApiOptions {
  /** @default xero-sandbox-client */
  clientId?: string;
  /** @default xero-sandbox-secret */
  clientSecret?: string;
  /** The refresh token of the first consent. @default xero-sandbox-refresh-token */
  refreshToken?: string;
  /** Organisations that the app is connected to. @default 1 */
  organisations?: number;
  /** 1,000 on the Starter plan. @default 5000 */
  callsPerDay?: number;
  /** How long each data call takes, in milliseconds. @default 0 */
  latencyMs?: number;
  /** Which scopes the app may hold. @default both */
  scopeSet?: ScopeSet;
  /** Scopes that the app may ask for and that its plan refuses (`accounting.journals.read` below Advanced). @default none */
  refusedScopes?: readonly string[];
  /** `truth` also lists what a tap reads only when it is asked to. @default false */
  withOptIn?: boolean;
}

/** Xero: identity service, connections and the accounting API of one or several organisations, on one router. */
export function createXeroApi(options: XeroApiOptions): SourceApi {
  const { now, tokens = [], scopeSet = 'both', notImitated = () => {} } = options;
  const clientId = options.clientId ?? 'xero-sandbox-client';
  const clientSecret = options.clientSecret ?? 'xero-sandbox-secret';
  const first = options.refreshToken ?? 'xero-sandbox-refresh-token';
  const organisations = makeOrganisations(options);
  const connections = new Connections(organisations);
  const accessTokens = new AccessTokens({ key: clientSecret, clientId, now });
  const refreshChains = new RefreshChains({ first, consent: firstConsent(scopeSet), secret: clientSecret, now });
  const issued = new IssuedTokens();
  const grantOf = (request: express.Request) => authenticate(request, accessTokens, tokens);
  const booksOf = (response: Response): Books => response.locals['books'];

  const router = express.Router();
  const consents = { clientId, clientSecret, accessTokens, refreshChains, connections, issued, scopeSet, now };
  router.use(identityRouter(consents));
  router.use(connectionsRouter(connections, grantOf));
  router.use(
    '/api.xro/2.0',
    authorise(connections, grantOf, options.refusedScopes ?? []),
    callLimits({
      ...options,
      factor: options.rateLimitFactor,
      tenantOf: (response) => booksOf(response).organisation.id,
    }),
    dataRouter({ booksOf, example: firstOf(organisations), now, notImitated }),
  );
  router.use(sendFailure);
  return {
    source: 'xero',
    router,
    truth: () => truthOf(organisations, now, options.withOptIn === true),
    mutate: (random) => {
      const books = organisations.length === 1 ? firstOf(organisations) : random.pick(organisations);
      return mutateBooks(books, random, now());
    },
    expireTokens: () => accessTokens.expireAll(),
    issuedTokens: () => issued.list(),
    failureBody,
  };
}

function makeOrganisations({ deals, random, now, organisations = 1 }: XeroApiOptions): Books[] {
  return Array.from({ length: organisations }, (_, place) => {
    const name = place === 0 ? 'Sandbox Company' : `Sandbox Branch ${place}`;
    const books = new Books({ deals, random, now: now(), name });
    settleWithCredits(books);
    return books;
  });
}

function firstOf(organisations: readonly Books[]): Books {
  const first = organisations[0];
  if (first === undefined) throw new RangeError('there must be an organisation');
  return first;
}

/** @throws ApiFailure 401 */
function authenticate(request: express.Request, accessTokens: AccessTokens, tokens: readonly string[]): Grant {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthorised('AuthenticationUnsuccessful');
  if (tokens.includes(token)) return { scopes: READ_SCOPES.both, isCustomConnection: false };
  const grant = accessTokens.read(token);
  if (grant === undefined) throw unauthorised('AuthenticationUnsuccessful');
  if ('expiredAt' in grant) throw unauthorised(`TokenExpired: token expired at ${britishTime(grant.expiredAt)}`);
  return grant;
}

/** Lets data calls through that carry a good token and name a connected tenant. A custom connection knows its tenant. */
function authorise(
  connections: Connections,
  grantOf: (request: express.Request) => Grant,
  refusedScopes: readonly string[],
): RequestHandler {
  return (request, response, next) => {
    const grant = grantOf(request);
    const tenant = request.header('Xero-Tenant-Id') ?? '';
    const isImplied = tenant === '' && grant.isCustomConnection;
    const books = connections.find(isImplied ? (connections.list()[0]?.tenantId ?? '') : tenant);
    if (books === undefined) throw forbidden();
    response.locals['books'] = books;
    response.locals['scopes'] = grant.scopes.filter((scope) => !refusedScopes.includes(scope));
    next();
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
