import type { Request, RequestHandler, Response, Router } from 'express';
import { SlidingWindow } from '../../rate-window.ts';
import type { SourceApiOptions } from '../../source-api.ts';
import { sendError, WrikeError } from '../api/responses.ts';
import { ACCOUNT_HOST, askedHost, MAIN_HOST } from './hosts.ts';
import { OAuth } from './oauth.ts';

export const DEFAULT_TOKEN = 'wrike-sandbox-token';

const REQUESTS_PER_MINUTE = 400;
const MINUTE_MS = 60_000;
const TOKENS_MAX = 10_000;

/** Who may ask, and how often. */
export class Access {
  readonly #options: SourceApiOptions;
  readonly #permanent: readonly string[];
  readonly #oauth: OAuth;
  readonly #windows = new Map<string, SlidingWindow>();
  #refusals = 0;

  constructor(options: SourceApiOptions) {
    this.#options = options;
    this.#permanent = options.tokens ?? [DEFAULT_TOKEN];
    this.#oauth = new OAuth(options.now);
  }

  expireTokens(): void {
    this.#oauth.expireTokens();
  }

  loginRoutes(): Router {
    return this.#oauth.router();
  }

  /** Wrong data centre, unknown token, too many requests: in this order, before any endpoint. */
  guard(): RequestHandler {
    return (request, response, next) => {
      const host = askedHost(request) ?? ACCOUNT_HOST;
      if (host !== ACCOUNT_HOST && host !== MAIN_HOST) {
        response.status(300).end();
        return;
      }
      const token = tokenOf(request);
      if (token === undefined || !this.#isKnown(token) || host !== ACCOUNT_HOST) {
        return sendError(response, new WrikeError(401, 'not_authorized', 'Access token is unknown or invalid'));
      }
      this.#count(token, response, next);
    };
  }

  #count(token: string, response: Response, next: () => void): void {
    const { allowed, retryAfterMs } = this.#window(token).take();
    if (allowed) {
      next();
      return;
    }
    // Only sometimes does the real one say when to come back.
    this.#refusals += 1;
    if (this.#refusals % 2 === 1) response.set('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
    const description = `IP or access token exceeded limit: ${REQUESTS_PER_MINUTE} requests per minute`;
    sendError(response, new WrikeError(429, 'rate_limit_exceeded', description));
  }

  #isKnown(token: string): boolean {
    return this.#permanent.includes(token) || this.#oauth.isKnown(token);
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

function tokenOf(request: Request): string | undefined {
  const bearer = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer ?? request.query['access_token'];
  return typeof token === 'string' ? token : undefined;
}
