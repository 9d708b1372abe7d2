import { createHash, randomBytes } from 'node:crypto';
import { PipelineError } from '@pipeline/contracts';
import type { JsonObject } from '@pipeline/singer';
import type { Consent } from '../declaration.ts';
import type { Exchange } from '../http/exchange.ts';
import { requestToken } from './token-endpoint.ts';

/** What the page keeps between the redirect to the source and the callback. */
export interface ConsentRequest {
  /** Where the person's browser is sent. */
  url: string;
  /** Comes back with the callback: proves that it belongs to this request (RFC 6749, 10.12). */
  state: string;
  /** Proof key for the exchange of the code (RFC 7636). A source that does not know it ignores it. */
  codeVerifier: string;
}

/** The address of the source's consent page.
 *  @param random 32 bytes, for tests. */
export function consentRequest(
  consent: Pick<Consent, 'authorizeUrl' | 'scopes' | 'scopeSeparator' | 'parameters'>,
  client: { clientId: string; redirectUri: string },
  random: (bytes: number) => Buffer = randomBytes,
): ConsentRequest {
  const state = random(32).toString('base64url');
  const codeVerifier = random(32).toString('base64url');
  const url = new URL(consent.authorizeUrl);
  const parameters = {
    ...consent.parameters,
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: consent.scopes.join(consent.scopeSeparator ?? ' '),
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== '') url.searchParams.set(name, value);
  return { url: url.href, state, codeVerifier };
}

export interface ConsentTokens {
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
  /** The whole token response, for what the source adds to it. */
  raw: JsonObject;
}

/** Exchanges the code of the callback for tokens, once: a code works only once.
 *  @throws PipelineError `OAUTH_INVALID_GRANT` (the code is used up or too old), `OAUTH_REFUSED`, `OAUTH_NO_REFRESH_TOKEN` (`fix-config`: a scope for
 *  offline access is missing), or with recovery `retry`. */
export async function exchangeCode(
  exchange: Exchange,
  consent: Pick<Consent, 'tokenUrl' | 'clientAuth'>,
  grant: { clientId: string; clientSecret: string; redirectUri: string; code: string; codeVerifier: string },
): Promise<ConsentTokens> {
  const { clientId, clientSecret, redirectUri, code, codeVerifier } = grant;
  const response = await requestToken(
    exchange,
    { ...consent, clientId, clientSecret },
    { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier },
  );
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSeconds, raw } = response;
  if (refreshToken !== undefined) return { accessToken, refreshToken, expiresInSeconds, raw };
  throw new PipelineError({
    code: 'OAUTH_NO_REFRESH_TOKEN',
    recovery: 'fix-config',
    message: 'the source gives no refresh token: grant the app offline access and connect again',
  });
}
