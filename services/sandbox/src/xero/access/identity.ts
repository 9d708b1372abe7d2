import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import express, { type Request, type Router } from 'express';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-token.ts';
import { type Connections, FIRST_CONSENT } from './connections.ts';
import { type Agreement, ConsentPage } from './consent.ts';
import type { IssuedTokens } from './issued-tokens.ts';
import type { RefreshChains } from './refresh-chains.ts';
import { isKnownScope, READ_SCOPES, type ScopeSet } from './scopes.ts';

export interface IdentityDeps {
  clientId: string;
  clientSecret: string;
  accessTokens: AccessTokens;
  refreshChains: RefreshChains;
  connections: Connections;
  issued: IssuedTokens;
  /** Which scopes the app may hold. */
  scopeSet: ScopeSet;
  now: () => number;
}

type Form = Record<string, unknown>;
type TokenResponse = { error: string; error_description?: string } | { access_token: string; [field: string]: unknown };

/** identity.xero.com and login.xero.com: consent, tokens, revocation, OpenID discovery. */
export function identityRouter(deps: IdentityDeps): Router {
  const router = express.Router();
  const consent = new ConsentPage({ ...deps, isKnownScope: (scope) => isKnownScope(scope, deps.scopeSet) });
  const idTokens = new IdTokens(deps.clientId, deps.now);
  const form = express.urlencoded({ extended: false, limit: '16kb' });
  router.use(consent.router);
  router.post('/connect/token', form, (request, response) => {
    const body: Form = request.body ?? {};
    const result = isClient(request, body, deps)
      ? grant(body, { ...deps, consent, idTokens })
      : { error: 'invalid_client' };
    deps.issued.note(result);
    response
      .status('error' in result ? 400 : 200)
      .set('Cache-Control', 'no-store')
      .json(result);
  });
  router.post('/connect/revocation', form, (request, response) => {
    const body: Form = request.body ?? {};
    if (!isClient(request, body, deps)) return void response.status(400).json({ error: 'invalid_client' });
    // A token that nobody knows is revoked as well as one can (RFC 7009).
    deps.refreshChains.revoke(textOf(body['token']));
    response.status(200).end();
  });
  router.get('/.well-known/openid-configuration', (request, response) => {
    response.json(discovery(`${request.protocol}://${request.get('host')}`));
  });
  router.get('/.well-known/openid-configuration/jwks', (_request, response) => {
    response.json({ keys: [idTokens.publicKey()] });
  });
  return router;
}

interface GrantDeps extends IdentityDeps {
  consent: ConsentPage;
  idTokens: IdTokens;
}

function grant(form: Form, deps: GrantDeps): TokenResponse {
  switch (form['grant_type']) {
    case 'refresh_token':
      return refresh(form['refresh_token'], deps);
    case 'client_credentials':
      return connect(form['scope'] ?? form['scopes'], deps);
    case 'authorization_code':
      return redeem(form, deps);
    default:
      return { error: 'unsupported_grant_type' };
  }
}

function refresh(token: unknown, { accessTokens, refreshChains }: GrantDeps): TokenResponse {
  const next = typeof token === 'string' ? refreshChains.redeem(token) : undefined;
  if (next === undefined) return { error: 'invalid_grant' };
  const { scopes, authEventId } = next.consent;
  const access_token = accessTokens.issue({ scopes, isCustomConnection: false, authEventId });
  return { access_token, ...tokenFields(scopes), refresh_token: next.token };
}

/** A custom connection that lacks one of the scopes gets no token at all. */
function connect(scope: unknown, { accessTokens, scopeSet }: GrantDeps): TokenResponse {
  const scopes = textOf(scope).split(' ').filter(Boolean);
  const granted = scopes.length > 0 ? scopes : READ_SCOPES[scopeSet];
  if (!granted.every((one) => isKnownScope(one, scopeSet))) {
    return { error: 'invalid_scope', error_description: 'Client credentials scope validation failed' };
  }
  return { access_token: accessTokens.issue({ scopes: granted, isCustomConnection: true }), ...tokenFields(granted) };
}

function redeem(form: Form, deps: GrantDeps): TokenResponse {
  const verifier = form['code_verifier'] === undefined ? undefined : textOf(form['code_verifier']);
  const agreement = deps.consent.redeem(textOf(form['code']), textOf(form['redirect_uri']), verifier);
  if (agreement === undefined) return { error: 'invalid_grant' };
  const { scopes, authEventId } = agreement;
  const access_token = deps.accessTokens.issue({ scopes, isCustomConnection: false, authEventId });
  return {
    ...(scopes.includes('openid') ? { id_token: deps.idTokens.issue(agreement) } : {}),
    access_token,
    ...tokenFields(scopes),
    ...(scopes.includes('offline_access') ? { refresh_token: deps.refreshChains.start({ scopes, authEventId }) } : {}),
  };
}

/** The consent behind the configured refresh token: to everything the app may read. */
export function firstConsent(scopeSet: ScopeSet) {
  return { scopes: [...READ_SCOPES[scopeSet], 'offline_access'], authEventId: FIRST_CONSENT };
}

function tokenFields(scopes: readonly string[]): Record<string, unknown> {
  return { expires_in: ACCESS_TOKEN_SECONDS, token_type: 'Bearer', scope: scopes.join(' ') };
}

/** Client id and secret in the header or in the form: both are documented. */
function isClient(request: Request, form: Form, { clientId, clientSecret }: IdentityDeps): boolean {
  const { authorization } = request.headers;
  if (authorization === undefined) return form['client_id'] === clientId && form['client_secret'] === clientSecret;
  const [id = '', secret = ''] = Buffer.from(authorization.replace(/^Basic /i, ''), 'base64')
    .toString()
    .split(':');
  return decodeURIComponent(id) === clientId && decodeURIComponent(secret) === clientSecret;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function discovery(base: string): Record<string, unknown> {
  return {
    issuer: base,
    authorization_endpoint: `${base}/identity/connect/authorize`,
    token_endpoint: `${base}/connect/token`,
    revocation_endpoint: `${base}/connect/revocation`,
    jwks_uri: `${base}/.well-known/openid-configuration/jwks`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['public'],
    code_challenge_methods_supported: ['S256'],
  };
}

const ID_TOKEN_SECONDS = 300;
const KEY_BITS = 2_048;

/** Signed statements of who consented. The key is made when one is first needed. */
class IdTokens {
  readonly #clientId: string;
  readonly #now: () => number;
  #keys: { publicKey: KeyObject; privateKey: KeyObject } | undefined;

  constructor(clientId: string, now: () => number) {
    this.#clientId = clientId;
    this.#now = now;
  }

  publicKey(): Record<string, unknown> {
    return { ...this.#pair().publicKey.export({ format: 'jwk' }), kid: 'sandbox', use: 'sig', alg: 'RS256' };
  }

  issue({ nonce }: Agreement): string {
    const seconds = Math.floor(this.#now() / 1_000);
    const claims = {
      iss: 'https://identity.xero.com',
      aud: this.#clientId,
      sub: 'sandbox-user',
      iat: seconds,
      nbf: seconds,
      exp: seconds + ID_TOKEN_SECONDS,
      ...(nonce === undefined ? {} : { nonce }),
      email: 'user@example.com',
    };
    const content = `${encoded({ alg: 'RS256', kid: 'sandbox', typ: 'JWT' })}.${encoded(claims)}`;
    return `${content}.${createSign('RSA-SHA256').update(content).sign(this.#pair().privateKey, 'base64url')}`;
  }

  #pair() {
    this.#keys ??= generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
    return this.#keys;
  }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
