import { randomBytes } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import { consentPage } from './consent-page.ts';
import { apiHost, askedHost, LOGIN_HOST, pathOnHost } from './hosts.ts';

export const OAUTH_CLIENT = {
  client_id: 'wrike-sandbox-client',
  client_secret: 'wrike-sandbox-secret',
  refresh_token: 'wrike-sandbox-refresh-token',
} as const;

const ACCESS_TOKEN_SECONDS = 3_600;
const CODE_MS = 600_000;
const CODES_MAX = 100;

interface Code {
  redirectUri: string;
  expiresAt: number;
}

/** Authorisation codes and the one pair of tokens that lives. */
export class OAuth {
  readonly #now: () => number;
  readonly #codes = new Map<string, Code>();
  /** Access tokens with the end of their life, epoch milliseconds. */
  readonly #issued = new Map<string, number>();
  #refreshToken: string = OAUTH_CLIENT.refresh_token;

  constructor(now: () => number) {
    this.#now = now;
  }

  expireTokens(): void {
    this.#issued.clear();
  }

  isKnown(token: string): boolean {
    return (this.#issued.get(token) ?? 0) > this.#now();
  }

  /** Consent page and token endpoint. They are on the login host only: the endpoint of each data centre was switched off. */
  router(): Router {
    const router = express.Router();
    const form = express.urlencoded({ extended: false });
    router.use('/oauth2', (request, response, next) => {
      const host = askedHost(request);
      if (host === undefined || host === LOGIN_HOST) return next();
      response.status(404).json({ error: 'method_not_found', errorDescription: 'Requested method is not found' });
    });
    router.get('/oauth2/authorize/v4', (request, response) => this.#askForConsent(request, response));
    router.post('/oauth2/authorize/v4', form, (request, response) => this.#takeConsent(request, response));
    router.post('/oauth2/token', form, (request, response) => this.#token(request, response));
    return router;
  }

  #askForConsent(request: Request, response: Response): void {
    const text = (name: string): string => String(request.query[name] ?? '');
    const problem = authorizeProblem(text);
    if (problem !== undefined) {
      refuse(response, 400, 'invalid_request', problem);
      return;
    }
    const fields = { redirect_uri: text('redirect_uri'), state: text('state') };
    const page = consentPage({
      action: pathOnHost(request, '/oauth2/authorize/v4'),
      scopes: text('scope').split(',').filter(Boolean),
      fields,
    });
    response.type('html').send(page);
  }

  #takeConsent(request: Request, response: Response): void {
    const form: Record<string, unknown> = request.body ?? {};
    const redirect = String(form['redirect_uri'] ?? '');
    if (!URL.canParse(redirect)) {
      refuse(response, 400, 'invalid_request', 'redirect_uri is invalid');
      return;
    }
    const target = new URL(redirect);
    if (form['state']) target.searchParams.set('state', String(form['state']));
    if (form['decision'] === 'accept') target.searchParams.set('code', this.#newCode(redirect));
    else target.searchParams.set('error', 'access_denied');
    response.redirect(302, target.href);
  }

  #newCode(redirectUri: string): string {
    if (this.#codes.size >= CODES_MAX) this.#codes.clear();
    const code = randomBytes(16).toString('base64url');
    this.#codes.set(code, { redirectUri, expiresAt: this.#now() + CODE_MS });
    return code;
  }

  /** Every refresh returns a new pair and ends the old one. */
  #token(request: Request, response: Response): void {
    const form: Record<string, unknown> = request.body ?? {};
    if (form['client_id'] !== OAUTH_CLIENT.client_id || form['client_secret'] !== OAUTH_CLIENT.client_secret) {
      refuse(response, 401, 'invalid_client', 'Client id or secret is invalid');
      return;
    }
    const grant = form['grant_type'];
    if (grant !== 'refresh_token' && grant !== 'authorization_code') {
      refuse(response, 400, 'unsupported_grant_type', 'Grant type is not supported');
      return;
    }
    const isGranted = grant === 'refresh_token' ? form['refresh_token'] === this.#refreshToken : this.#spend(form);
    if (!isGranted) {
      refuse(response, 400, 'invalid_grant', 'Authorization code or refresh token is invalid');
      return;
    }
    response.json({ ...this.#newPair(), host: apiHost(request) });
  }

  /** A code serves once, for ten minutes, with the address it was asked for. */
  #spend(form: Record<string, unknown>): boolean {
    const code = String(form['code'] ?? '');
    const known = this.#codes.get(code);
    this.#codes.delete(code);
    const redirectUri = form['redirect_uri'] ?? known?.redirectUri;
    return known !== undefined && known.expiresAt > this.#now() && known.redirectUri === redirectUri;
  }

  #newPair(): Record<string, unknown> {
    const accessToken = randomBytes(16).toString('base64url');
    this.#refreshToken = randomBytes(16).toString('base64url');
    this.#issued.clear();
    this.#issued.set(accessToken, this.#now() + ACCESS_TOKEN_SECONDS * 1000);
    return {
      access_token: accessToken,
      refresh_token: this.#refreshToken,
      token_type: 'bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
    };
  }
}

function authorizeProblem(text: (name: string) => string): string | undefined {
  if (text('client_id') !== OAUTH_CLIENT.client_id) return 'client_id is unknown';
  if (text('response_type') !== 'code') return 'response_type must be code';
  return URL.canParse(text('redirect_uri')) ? undefined : 'redirect_uri is invalid';
}

function refuse(response: Response, status: number, error: string, description: string): void {
  response.status(status).json({ error, error_description: description });
}
