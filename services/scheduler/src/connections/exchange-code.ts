import { PipelineError } from '@pipeline/contracts';
import type { ConsentDescription } from '@pipeline/contracts/api';
import { z } from 'zod';

const TOKEN_TIMEOUT_MS = 15_000;
const RESPONSE_CHARACTERS_MAX = 100_000;

export interface ConsentClient {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

const Tokens = z.object({ access_token: z.string().min(1), refresh_token: z.string().min(1).optional() });

/** Exchanges the code of the callback for tokens: it works once.
 *  @throws PipelineError `CONSENT_REFUSED` with the source's own code, `CONSENT_INCOMPLETE` when offline access was not granted */
export async function exchangeCode(
  consent: ConsentDescription,
  grant: ConsentClient & { code: string; codeVerifier: string },
): Promise<{ refreshToken: string }> {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: grant.code,
    redirect_uri: grant.redirectUri,
    code_verifier: grant.codeVerifier,
  });
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  };
  if (consent.clientAuth === 'basic') {
    headers['authorization'] = `Basic ${Buffer.from(`${grant.clientId}:${grant.clientSecret}`).toString('base64')}`;
  } else {
    form.set('client_id', grant.clientId);
    form.set('client_secret', grant.clientSecret);
  }
  const response = await fetch(consent.tokenUrl, {
    method: 'POST',
    headers,
    body: form,
    redirect: 'error',
    signal: AbortSignal.timeout(TOKEN_TIMEOUT_MS),
  });
  const text = (await response.text()).slice(0, RESPONSE_CHARACTERS_MAX);
  const tokens = Tokens.safeParse(jsonIn(text));
  if (!response.ok || !tokens.success) throw refused(response.status, text);
  const { refresh_token: refreshToken } = tokens.data;
  if (refreshToken !== undefined) return { refreshToken };
  throw new PipelineError({
    code: 'CONSENT_INCOMPLETE',
    recovery: 'fix-config',
    message: 'the source returned no refresh token: grant the app offline access and connect again',
  });
}

/** The source's own error code may be told; the rest of its response may hold secrets. */
function refused(status: number, text: string): PipelineError {
  const error = z.object({ error: z.string().regex(/^[a-z_]{1,60}$/) }).safeParse(jsonIn(text));
  return new PipelineError({
    code: 'CONSENT_REFUSED',
    recovery: 'fix-config',
    message: `the source does not exchange the code (${error.success ? error.data.error : `HTTP ${status}`}): check client id, client secret and redirect URI of the app`,
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
