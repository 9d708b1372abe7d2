import { randomBytes } from 'node:crypto';
import express, { type RequestHandler, type Router } from 'express';
import { SlidingWindow } from '../rate-window.ts';
import type { SourceApiOptions } from '../source-api.ts';
import { sendError, WrikeError } from './answers.ts';

export const DEFAULT_TOKEN = 'wrike-sandbox-token';
export const OAUTH_CLIENT = {
  client_id: 'wrike-sandbox-client',
  client_secret: 'wrike-sandbox-secret',
  refresh_token: 'wrike-sandbox-refresh-token',
} as const;

const HOST = 'www.wrike.com';
const ACCESS_TOKEN_SECONDS = 3_600;
const REQUESTS_PER_MINUTE = 400;
const MINUTE_MS = 60_000;
const TOKENS_MAX = 10_000;

/** Who may ask, and how often. */
export class Access {
  readonly #options: SourceApiOptions;
  readonly #permanent: readonly string[];
  /** Access tokens of OAuth with the end of their life, epoch milliseconds. */
  readonly #issued = new Map<string, number>();
  readonly #windows = new Map<string, SlidingWindow>();
  #refreshToken: string = OAUTH_CLIENT.refresh_token;
  #refusals = 0;

  constructor(options: SourceApiOptions) {
    this.#options = options;
    this.#permanent = options.tokens ?? [DEFAULT_TOKEN];
  }

  expireTokens(): void {
    this.#issued.clear();
  }

  /** Wrong data centre, unknown token, too many requests: in this order, before any endpoint. */
  guard(): RequestHandler {
    return (request, response, next) => {
      if (request.hostname.endsWith('wrike.com') && request.hostname !== HOST) {
        response.status(300).end();
        return;
      }
      const token = bearer(request.headers.authorization) ?? request.query['access_token'];
      if (typeof token !== 'string' || !this.#isKnown(token)) {
        return sendError(response, new WrikeError(401, 'not_authorized', 'Access token is unknown or invalid'));
      }
      const { allowed, retryAfterMs } = this.#window(token).take();
      if (allowed) return next();
      // Only sometimes does the real one say when to come back.
      this.#refusals += 1;
      if (this.#refusals % 2 === 1) response.set('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
      const description = `IP or access token exceeded limit: ${REQUESTS_PER_MINUTE} requests per minute`;
      sendError(response, new WrikeError(429, 'rate_limit_exceeded', description));
    };
  }

  /** `POST /oauth2/token`: every refresh gives a new pair and ends the old one. */
  tokenEndpoint(): Router {
    const router = express.Router();
    router.post('/oauth2/token', express.urlencoded({ extended: false }), (request, response) => {
      const form: Record<string, unknown> = request.body ?? {};
      const refuse = (status: number, error: string, description: string): void => {
        response.status(status).json({ error, error_description: description });
      };
      if (form['client_id'] !== OAUTH_CLIENT.client_id || form['client_secret'] !== OAUTH_CLIENT.client_secret) {
        return refuse(401, 'invalid_client', 'Client id or secret is invalid');
      }
      if (form['grant_type'] !== 'refresh_token') {
        return refuse(400, 'unsupported_grant_type', 'Grant type is not supported');
      }
      if (form['refresh_token'] !== this.#refreshToken) {
        return refuse(400, 'invalid_grant', 'Authorization code or refresh token is invalid');
      }
      response.json(this.#newPair());
    });
    return router;
  }

  #newPair(): Record<string, unknown> {
    const accessToken = randomBytes(16).toString('base64url');
    this.#refreshToken = randomBytes(16).toString('base64url');
    this.#issued.clear();
    this.#issued.set(accessToken, this.#options.now() + ACCESS_TOKEN_SECONDS * 1000);
    return {
      access_token: accessToken,
      refresh_token: this.#refreshToken,
      token_type: 'bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
      host: HOST,
    };
  }

  #isKnown(token: string): boolean {
    return this.#permanent.includes(token) || (this.#issued.get(token) ?? 0) > this.#options.now();
  }

  #window(token: string): SlidingWindow {
    const known = this.#windows.get(token);
    if (known) return known;
    if (this.#windows.size >= TOKENS_MAX) this.#windows.clear();
    const { now, rateLimitFactor: factor } = this.#options;
    const window = new SlidingWindow({ limit: REQUESTS_PER_MINUTE, windowMs: MINUTE_MS, now, factor });
    this.#windows.set(token, window);
    return window;
  }
}

function bearer(header: string | undefined): string | undefined {
  return /^bearer (.+)$/i.exec(header ?? '')?.[1];
}
