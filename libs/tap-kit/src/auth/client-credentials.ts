import { PipelineError } from '@pipeline/protocol';
import type { Transport } from '../http/transport.ts';
import type { Auth } from '../http-policy.ts';
import type { Authenticator } from './authenticator.ts';
import { singleFlight } from './single-flight.ts';
import { requestToken, type TokenResponse } from './token-endpoint.ts';
import { type TokenRetryDeps, withTokenRetries } from './token-retry.ts';

/** A token is replaced this long before it ends: longer than any request takes. */
const SKEW_MS = 5 * 60_000;

export type ClientCredentialsAuth = Extract<Auth, { kind: 'client-credentials' }>;

/** OAuth 2 client credentials: there is nothing to keep, a new token can be had at any time. */
export function clientCredentialsAuth(
  auth: ClientCredentialsAuth,
  deps: TokenRetryDeps & { transport: Transport },
): Authenticator {
  let held: { header: string; expiresAt: number } | undefined;
  const request = singleFlight(async () => {
    const response = await withTokenRetries(deps, () => requestInTurn(auth, deps.transport));
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

/** Asks with one set of scopes after the other, as long as the scopes are what is refused.
 *  @throws PipelineError `OAUTH_INVALID_SCOPE` that names the scopes of every set. */
async function requestInTurn(auth: ClientCredentialsAuth, transport: Transport): Promise<TokenResponse> {
  const client = { ...auth, clientAuth: 'basic' as const };
  const form = { grant_type: 'client_credentials' };
  const { scopes = [] } = auth;
  if (scopes.length === 0) return requestToken(transport, client, form);
  let refusal: unknown;
  for (const scope of scopes) {
    try {
      return await requestToken(transport, client, { ...form, scope });
    } catch (error) {
      if (!(error instanceof PipelineError) || error.code !== 'OAUTH_INVALID_SCOPE') throw error;
      refusal = error;
    }
  }
  throw new PipelineError({
    code: 'OAUTH_INVALID_SCOPE',
    recovery: 'fix-config',
    message: `the connection holds none of these sets of scopes: ${scopes.join(' | ')}. Grant one of them to the app, or configure the scopes that it has`,
    cause: refusal,
  });
}
