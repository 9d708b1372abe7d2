import { createHash } from 'node:crypto';
import { PipelineError } from '@pipeline/protocol';
import type { Transport } from '../http/transport.ts';
import type { Auth } from '../http-policy.ts';
import type { Authenticator } from './authenticator.ts';
import { singleFlight } from './single-flight.ts';
import { requestToken } from './token-endpoint.ts';
import { type TokenRetryDeps, withTokenRetries } from './token-retry.ts';
import type { StoredTokens, TokenStore } from './token-store.ts';

/** A token is replaced this long before it ends: longer than any request takes. */
const SKEW_MS = 5 * 60_000;

export type RefreshTokenAuth = Extract<Auth, { kind: 'refresh-token' }>;

export interface RefreshDeps extends TokenRetryDeps {
  transport: Transport;
  tokenStore: TokenStore;
}

/** A refresh token that was refused is not sent again for this long, unless there is another one: each stream of a run would ask. Shorter than the
 *  usual time between two runs. */
const REFUSED_MS = 4 * 60_000;

/** OAuth 2 with a refresh token that rotates: refreshed by one at a time over all replicas, saved before first use. */
export function refreshTokenAuth(auth: RefreshTokenAuth, deps: RefreshDeps): Authenticator {
  let held: StoredTokens | undefined;
  let refused: string | undefined;
  const usedUp: UsedUp = { tokens: '', until: 0 };

  // Each try takes the store's lock anew, so a slow token endpoint never holds it longer than one request.
  const take = async (isUsable: (stored: StoredTokens, now: number) => boolean): Promise<StoredTokens> => {
    held = await withTokenRetries(deps, () =>
      deps.tokenStore.exclusively((stored) => nextTokens(auth, { ...deps, usedUp }, stored, isUsable)),
    );
    return held;
  };
  const refresh = singleFlight(() => take((stored, now) => stored.accessToken !== refused && isFresh(stored, now)));
  const keepAlive = singleFlight(() => take((stored, now) => !isAgeing(auth, stored, now)));
  const headerOf = (tokens: StoredTokens): string => `Bearer ${tokens.accessToken}`;

  const lasting = (lifetimeMs: number) => ({
    keepAlive: async () => void (await keepAlive()),
    endsAt: () => (held === undefined ? undefined : held.rotatedAt + lifetimeMs),
  });

  return {
    authorization: async () =>
      headerOf(held !== undefined && isFresh(held, deps.timing.now()) ? held : await refresh()),
    renew: async (header) => {
      if (held !== undefined && headerOf(held) !== header) return true;
      refused = held?.accessToken;
      return headerOf(await refresh()) !== header;
    },
    baseUrl: () => held?.baseUrl,
    ...(auth.lifetimeMs === undefined ? {} : lasting(auth.lifetimeMs)),
  };
}

function isFresh(tokens: StoredTokens, now: number): boolean {
  return tokens.expiresAt - now > SKEW_MS;
}

/** A refresh token is used at half of its life at the latest. */
function isAgeing(auth: RefreshTokenAuth, tokens: StoredTokens, now: number): boolean {
  return now - tokens.rotatedAt >= (auth.lifetimeMs ?? Number.POSITIVE_INFINITY) / 2;
}

/** The refresh tokens that the source accepted no more when they were last sent. */
interface UsedUp {
  tokens: string;
  /** Epoch milliseconds. */
  until: number;
}

async function nextTokens(
  auth: RefreshTokenAuth,
  deps: RefreshDeps & { usedUp: UsedUp },
  stored: StoredTokens | undefined,
  isUsable: (stored: StoredTokens, now: number) => boolean,
): Promise<StoredTokens> {
  const seed = createHash('sha256').update(auth.refreshToken).digest('hex');
  const now = deps.timing.now();
  // Somebody else has refreshed while this one waited for the lock.
  if (stored?.seed === seed && isUsable(stored, now)) return stored;
  const known = candidates(auth, stored, seed, now);
  const tokens = known.join(' ');
  const isRefused = tokens === deps.usedUp.tokens && now < deps.usedUp.until;
  for (const refreshToken of isRefused ? [] : known) {
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const response = await requestToken(deps.transport, auth, form).catch(undefinedIfUsedUp);
    if (response === undefined) continue;
    deps.logger.info({}, 'access token refreshed');
    // A later response may leave it out: an account does not move.
    const baseUrl = auth.baseUrlOf?.(response.raw) ?? stored?.baseUrl;
    return {
      seed,
      accessToken: response.access_token,
      expiresAt: now + response.expires_in * 1000,
      refreshToken: response.refresh_token ?? refreshToken,
      previousRefreshToken: refreshToken,
      rotatedAt: now,
      ...(baseUrl === undefined ? {} : { baseUrl }),
    };
  }
  if (!isRefused) Object.assign(deps.usedUp, { tokens, until: now + REFUSED_MS });
  throw new PipelineError({
    code: 'SOURCE_UNAUTHORISED',
    recovery: 'fix-config',
    message:
      'the source accepts none of the refresh tokens: authorise the connection again and configure the new refresh token',
  });
}

/** The newest token first, then the one before it: the provider keeps that for a while, for responses that were lost. */
function candidates(auth: RefreshTokenAuth, stored: StoredTokens | undefined, seed: string, now: number): string[] {
  if (stored === undefined) return [auth.refreshToken];
  if (stored.seed !== seed) return [...new Set([auth.refreshToken, stored.refreshToken])];
  const isInGrace = now - stored.rotatedAt < auth.graceMs;
  const previous = isInGrace && stored.previousRefreshToken !== undefined ? [stored.previousRefreshToken] : [];
  return [...new Set([stored.refreshToken, ...previous])];
}

function undefinedIfUsedUp(error: unknown): undefined {
  if (error instanceof PipelineError && error.code === 'OAUTH_INVALID_GRANT') return undefined;
  throw error;
}
