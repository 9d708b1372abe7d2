import type { Exchange } from '../http/exchange.ts';
import type { Auth } from '../http-policy.ts';
import type { Authenticator } from './authenticator.ts';
import { singleFlight } from './single-flight.ts';
import { requestToken } from './token-endpoint.ts';
import { type TokenRetryDeps, withTokenRetries } from './token-retry.ts';

/** A token is replaced this long before it ends: longer than any request takes. */
const SKEW_MS = 5 * 60_000;

export type ClientCredentialsAuth = Extract<Auth, { kind: 'client-credentials' }>;

/** OAuth 2 client credentials: there is nothing to keep, a new token can be had at any time. */
export function clientCredentialsAuth(
  auth: ClientCredentialsAuth,
  deps: TokenRetryDeps & { exchange: Exchange },
): Authenticator {
  let held: { header: string; expiresAt: number } | undefined;
  const scope = auth.scope === undefined ? {} : { scope: auth.scope };
  const client = { ...auth, clientAuth: 'basic' as const };
  const form = { grant_type: 'client_credentials', ...scope };

  const request = singleFlight(async () => {
    const response = await withTokenRetries(deps, () => requestToken(deps.exchange, client, form));
    const header = `Bearer ${response.access_token}`;
    held = { header, expiresAt: deps.timing.now() + response.expires_in * 1000 };
    return header;
  });

  return {
    authorization: async () =>
      held !== undefined && held.expiresAt - deps.timing.now() > SKEW_MS ? held.header : request(),
    renew: async (refused) => (held?.header === refused ? await request() : held?.header) !== refused,
  };
}
