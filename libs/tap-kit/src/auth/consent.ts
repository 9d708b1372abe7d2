import { PipelineError } from '@pipeline/protocol';
import type { JsonObject } from '@pipeline/singer';
import type { Consent } from '../declaration.ts';
import type { Transport } from '../http/transport.ts';
import { requestToken } from './token-endpoint.ts';

export interface ConsentTokens {
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
  /** The whole token response, for what the source adds to it. */
  raw: JsonObject;
}

/** What the callback brought, and who asked. */
export interface ConsentGrant {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  code: string;
  codeVerifier: string;
}

/** Redeems the code of the callback for tokens, once: a code works only once.
 *  @throws PipelineError `OAUTH_INVALID_GRANT` (the code is used up or too old), `OAUTH_REFUSED`, `OAUTH_NO_REFRESH_TOKEN` (`fix-config`: a scope for
 *  offline access is missing), or with recovery `retry`. */
export async function redeemCode(
  transport: Transport,
  consent: Pick<Consent, 'tokenUrl' | 'clientAuth'>,
  grant: ConsentGrant,
): Promise<ConsentTokens> {
  const { clientId, clientSecret, redirectUri, code, codeVerifier } = grant;
  const response = await requestToken(
    transport,
    { ...consent, clientId, clientSecret },
    { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier },
  );
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSeconds, raw } = response;
  if (refreshToken !== undefined) return { accessToken, refreshToken, expiresInSeconds, raw };
  throw new PipelineError({
    code: 'OAUTH_NO_REFRESH_TOKEN',
    recovery: 'fix-config',
    message: 'the source returned no refresh token: grant the app offline access and connect again',
  });
}
