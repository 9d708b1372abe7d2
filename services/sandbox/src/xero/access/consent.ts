import { createHash, randomBytes, randomUUID } from 'node:crypto';
import express, { type Request, type Router } from 'express';
import type { Connections } from './connections.ts';

/** Life of an authorization code, as documented. */
const CODE_LIFE_MS = 5 * 60_000;

/** What a person agreed to, until the app has fetched its tokens. */
export interface Agreement {
  scopes: string[];
  authEventId: string;
  redirectUri: string;
  nonce: string | undefined;
}

interface PendingCode extends Agreement {
  expiresAt: number;
  challenge: string | undefined;
}

export interface ConsentDeps {
  clientId: string;
  connections: Connections;
  /** Scopes that an app may ask for. */
  isKnownScope: (scope: string) => boolean;
  now: () => number;
}

/** The page on which a person lets an app read an organisation, and the codes that come of it. */
export class ConsentPage {
  readonly router: Router;
  readonly #codes = new Map<string, PendingCode>();
  readonly #deps: ConsentDeps;

  constructor(deps: ConsentDeps) {
    this.#deps = deps;
    this.router = express.Router();
    this.router.get('/identity/connect/authorize', (request, response) => {
      const problem = this.#problem(request);
      if (problem === undefined) response.type('html').send(page(request, deps.connections));
      else
        response
          .status(400)
          .type('html')
          .send(`<!doctype html><title>Error</title><p>Sorry, something went wrong: ${problem}`);
    });
    const form = express.urlencoded({ extended: false, limit: '16kb' });
    this.router.post('/identity/connect/authorize', form, (request, response) => {
      const target = new URL(textOf(request.query['redirect_uri']));
      if (request.query['state'] !== undefined) target.searchParams.set('state', textOf(request.query['state']));
      const { decision, tenant = [] } = request.body ?? {};
      const problem = this.#problem(request);
      if (problem !== undefined || decision !== 'allow') target.searchParams.set('error', problem ?? 'access_denied');
      else target.searchParams.set('code', this.#agree(request, [tenant].flat().map(String)));
      response.redirect(302, target.href);
    });
  }

  /** The agreement behind a code, which works once. Undefined: `invalid_grant`. */
  redeem(code: string, redirectUri: string, verifier: string | undefined): Agreement | undefined {
    const pending = this.#codes.get(code);
    this.#codes.delete(code);
    if (pending === undefined || pending.expiresAt < this.#deps.now() || pending.redirectUri !== redirectUri)
      return undefined;
    const expected = verifier && createHash('sha256').update(verifier).digest('base64url');
    return pending.challenge === undefined || pending.challenge === expected ? pending : undefined;
  }

  #agree(request: Request, tenants: string[]): string {
    const code = randomBytes(24).toString('base64url');
    const { scope, redirect_uri, nonce, code_challenge } = request.query;
    const authEventId = randomUUID();
    this.#deps.connections.consent(authEventId, tenants);
    this.#codes.set(code, {
      scopes: scopesOf(scope),
      authEventId,
      redirectUri: textOf(redirect_uri),
      nonce: nonce === undefined ? undefined : textOf(nonce),
      challenge: code_challenge === undefined ? undefined : textOf(code_challenge),
      expiresAt: this.#deps.now() + CODE_LIFE_MS,
    });
    return code;
  }

  #problem({ query }: Request): string | undefined {
    if (query['client_id'] !== this.#deps.clientId) return 'unauthorized_client';
    if (query['response_type'] !== 'code') return 'unsupported_response_type';
    if (!URL.canParse(textOf(query['redirect_uri']))) return 'invalid_request';
    return scopesOf(query['scope']).every(this.#deps.isKnownScope) ? undefined : 'invalid_scope';
  }
}

function page(request: Request, connections: Connections): string {
  const scopes = scopesOf(request.query['scope']).map((scope) => `<li>${escaped(scope)}</li>`);
  const tenants = connections
    .all()
    .map(
      ({ id, name }) =>
        `<label><input type="checkbox" name="tenant" value="${id}" checked> ${escaped(name)}</label><br>`,
    );
  const action = escaped(request.originalUrl);
  return `<!doctype html><html lang="en"><title>Connect to Xero (sandbox)</title>
<h1>An app wants to read your organisation</h1><ul>${scopes.join('')}</ul>
<form method="post" action="${action}">${tenants.join('')}
<button name="decision" value="allow">Allow access</button> <button name="decision" value="deny">Cancel</button></form></html>`;
}

function scopesOf(scope: unknown): string[] {
  return textOf(scope).split(' ').filter(Boolean);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
