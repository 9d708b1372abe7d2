import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Life of an access token, in seconds. */
export const ACCESS_TOKEN_SECONDS = 1800;

const Claims = z.object({
  exp: z.number(),
  scope: z.array(z.string()),
  global_session_id: z.string(),
  /** Present when a person consented; a custom connection acts for itself. */
  xero_userid: z.string().optional(),
});

export interface Grant {
  scopes: readonly string[];
  /** A machine-to-machine connection to one organisation: no refresh token, no tenant header. */
  isCustomConnection: boolean;
  /** The consent that it comes from. */
  authEventId?: string;
}

/** Signs and reads access tokens: JSON web tokens, as Xero's are. */
export class AccessTokens {
  readonly #key: string;
  readonly #clientId: string;
  readonly #now: () => number;
  readonly #userId = randomUUID().replaceAll('-', '');
  #session = randomUUID();

  constructor(options: { key: string; clientId: string; now: () => number }) {
    this.#key = options.key;
    this.#clientId = options.clientId;
    this.#now = options.now;
  }

  issue(grant: Grant): string {
    const seconds = Math.floor(this.#now() / 1000);
    const user = {
      sub: this.#userId,
      xero_userid: this.#userId,
      authentication_event_id: grant.authEventId ?? randomUUID(),
    };
    const claims = {
      nbf: seconds,
      exp: seconds + ACCESS_TOKEN_SECONDS,
      iss: 'https://identity.xero.com',
      aud: 'https://identity.xero.com/resources',
      client_id: this.#clientId,
      auth_time: seconds,
      global_session_id: this.#session,
      jti: randomUUID(),
      ...(grant.isCustomConnection ? {} : user),
      scope: grant.scopes,
    };
    const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${content}.${this.#sign(content)}`;
  }

  /** @returns what the token allows, `expired` with its end, or undefined for a token of someone else. */
  read(token: string): Grant | { expiredAt: number } | undefined {
    const [header = '', payload = '', signature = ''] = token.split('.');
    if (!isSame(signature, this.#sign(`${header}.${payload}`))) return undefined;
    const claims = Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    const isOver = claims.global_session_id !== this.#session;
    if (isOver || claims.exp * 1000 <= this.#now()) {
      return { expiredAt: isOver ? this.#now() : claims.exp * 1000 };
    }
    return { scopes: claims.scope, isCustomConnection: claims.xero_userid === undefined };
  }

  expireAll(): void {
    this.#session = randomUUID();
  }

  #sign(content: string): string {
    return createHmac('sha256', this.#key).update(content).digest('base64url');
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
