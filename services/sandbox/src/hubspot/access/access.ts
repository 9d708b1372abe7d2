import { randomUUID } from 'node:crypto';
import express, { type RequestHandler, type Router } from 'express';
import { ApiFailure, expired, unauthorised } from '../api/failure.ts';
import { PORTAL_ID } from '../company/portal.ts';
import { kinds } from '../kinds/all.ts';

const TOKEN_SECONDS = 1_800;
/** An app that a company may install. */
export const OAUTH_CLIENT = { id: 'hubspot-sandbox-client', secret: 'hubspot-sandbox-secret' };
const REFRESH_TOKEN = 'na1-hubspot-sandbox-refresh-token';

/** Who may call: static tokens, and those that the token endpoint issues for half an hour. */
export class Access {
  readonly #tokens: readonly string[];
  readonly #now: () => number;
  /** Ends of life, epoch milliseconds. */
  readonly #issued = new Map<string, number>();

  constructor(tokens: readonly string[], now: () => number) {
    this.#tokens = tokens;
    this.#now = now;
  }

  /** The token of a private app has no end of life. */
  expireTokens(): void {
    for (const token of this.#issued.keys()) this.#issued.set(token, 0);
  }

  authenticate: RequestHandler = (request, _response, next) => {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const endsAt = this.#issued.get(token);
    if (endsAt !== undefined && endsAt <= this.#now()) throw expired(endsAt);
    if (endsAt === undefined && !this.#tokens.includes(token)) throw unauthorised();
    next();
  };

  /** Endpoints that need no token themselves. */
  router(missingScopes: ReadonlySet<string>): Router {
    const router = express.Router();
    const scopes = scopesOf(missingScopes);
    router.post(
      ['/oauth/v1/token', '/oauth/v3/token'],
      express.urlencoded({ extended: false }),
      (request, response) => {
        const { grant_type, client_id, client_secret, refresh_token } = request.body ?? {};
        const isKnown = client_id === OAUTH_CLIENT.id && client_secret === OAUTH_CLIENT.secret;
        if (grant_type !== 'refresh_token' || !isKnown || refresh_token !== REFRESH_TOKEN) throw badRefreshToken();
        const accessToken = `CJSP${randomUUID()}`;
        this.#issued.set(accessToken, this.#now() + TOKEN_SECONDS * 1_000);
        const token = { access_token: accessToken, refresh_token, expires_in: TOKEN_SECONDS, token_type: 'bearer' };
        response.json({ ...token, hub_id: PORTAL_ID, user_id: 123, scopes, token_use: 'access_token', id_token: null });
      },
    );
    router.get('/oauth/v1/access-tokens/:token', (request, response) => {
      const endsAt = this.#issued.get(request.params.token);
      if (endsAt === undefined && !this.#tokens.includes(request.params.token)) throw unauthorised();
      const own = { token: request.params.token, scopes, token_type: 'access', app_id: 456, user_id: 123 };
      response.json({
        ...own,
        hub_id: PORTAL_ID,
        hub_domain: 'demo.hubapi.com',
        user: 'test@hubspot.com',
        expires_in: 1_754,
      });
    });
    return router;
  }
}

function badRefreshToken(): ApiFailure {
  const message = 'missing or invalid refresh token';
  return new ApiFailure(400, { status: 'BAD_REFRESH_TOKEN', message, correlationId: randomUUID() });
}

/** Everything that can be granted but is not missing. */
function scopesOf(missing: ReadonlySet<string>): string[] {
  const settings = ['crm.objects.owners.read', 'crm.lists.read', 'crm.schemas.custom.read', 'forms', 'content'];
  const users = ['settings.users.read', 'settings.users.teams.read', 'marketing.campaigns.read', 'oauth'];
  const all = new Set([...settings, ...users, ...[...kinds.values()].flatMap(({ scopes }) => scopes)]);
  return [...all].filter((scope) => !missing.has(scope)).sort();
}
