import express, { type Router } from 'express';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-token.ts';
import type { RefreshChain } from './refresh-chain.ts';

const PREFIX = 'accounting.';

/** What an app may ask for: the granular scopes of apps made since March 2026 and the broad ones before them. */
export const SCOPES = [
  ...['settings', 'contacts', 'invoices', 'payments', 'banktransactions', 'transactions'].flatMap((name) => [
    `${PREFIX}${name}`,
    `${PREFIX}${name}.read`,
  ]),
  'offline_access',
];

export interface IdentityDeps {
  clientId: string;
  clientSecret: string;
  accessTokens: AccessTokens;
  refreshChain: RefreshChain;
}

/** `POST /connect/token` of identity.xero.com. */
export function identityRouter(deps: IdentityDeps): Router {
  const router = express.Router();
  router.post('/connect/token', express.urlencoded({ extended: false, limit: '16kb' }), (request, response) => {
    const form: Record<string, unknown> = request.body ?? {};
    const answer = isClient(request.headers.authorization, deps) ? grant(form, deps) : { error: 'invalid_client' };
    response
      .status('error' in answer ? 400 : 200)
      .set('Cache-Control', 'no-store')
      .json(answer);
  });
  return router;
}

type TokenAnswer = { error: string } | { access_token: string; [field: string]: unknown };

function grant(form: Record<string, unknown>, deps: IdentityDeps): TokenAnswer {
  if (form['grant_type'] === 'refresh_token') return refresh(form['refresh_token'], deps);
  if (form['grant_type'] === 'client_credentials') return connect(form['scope'], deps);
  return { error: 'unsupported_grant_type' };
}

function refresh(token: unknown, { accessTokens, refreshChain }: IdentityDeps): TokenAnswer {
  const next = typeof token === 'string' ? refreshChain.exchange(token) : undefined;
  if (next === undefined) return { error: 'invalid_grant' };
  const access_token = accessTokens.issue({ scopes: SCOPES, isCustomConnection: false });
  return { access_token, ...tokenFields(SCOPES), refresh_token: next };
}

function connect(scope: unknown, { accessTokens }: IdentityDeps): TokenAnswer {
  const scopes = typeof scope === 'string' && scope !== '' ? scope.split(' ') : SCOPES;
  if (!scopes.every((one) => SCOPES.includes(one))) return { error: 'invalid_scope' };
  return { access_token: accessTokens.issue({ scopes, isCustomConnection: true }), ...tokenFields(scopes) };
}

function tokenFields(scopes: readonly string[]): Record<string, unknown> {
  return { expires_in: ACCESS_TOKEN_SECONDS, token_type: 'Bearer', scope: scopes.join(' ') };
}

function isClient(authorization: string | undefined, { clientId, clientSecret }: IdentityDeps): boolean {
  const expected = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return authorization === `Basic ${expected}`;
}
