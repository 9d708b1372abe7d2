import { PipelineError } from '@pipeline/protocol';
import { isJsonObject, type Json, type JsonObject } from '@pipeline/singer';
import { z } from 'zod';
import { jsonBody } from '../http/response-json.ts';
import type { Transport } from '../http/transport.ts';

/** Longest request to a token endpoint: shorter than the time a database transaction may wait for it. */
const TOKEN_TIMEOUT_MS = 15_000;
const DEFAULT_LIFE_SECONDS = 1800;
const NEVER = new AbortController().signal;

const TokenResponse = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.coerce.number().positive().default(DEFAULT_LIFE_SECONDS),
});
export interface TokenResponse extends z.infer<typeof TokenResponse> {
  /** The whole response: sources add what they like. */
  raw: JsonObject;
}

/** Who asks a token endpoint, and how it wants the secret. */
export interface TokenClient {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  clientAuth: 'basic' | 'form';
}

/** Asks for tokens once (RFC 6749, 4.1.3, 4.4 and 6).
 *  @throws PipelineError `OAUTH_INVALID_GRANT` (this refresh token or code is used up), `OAUTH_INVALID_SCOPE` and
 *  `OAUTH_REFUSED` (`fix-config`), or with recovery `retry`. */
export async function requestToken(
  transport: Transport,
  client: TokenClient,
  form: Record<string, string>,
): Promise<TokenResponse> {
  const inForm = client.clientAuth === 'form';
  const secretForm = inForm ? { client_id: client.clientId, client_secret: client.clientSecret } : {};
  const response = await transport({
    method: 'POST',
    url: new URL(client.tokenUrl),
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(inForm ? {} : { authorization: basic(client.clientId, client.clientSecret) }),
    },
    body: new URLSearchParams({ ...form, ...secretForm }).toString(),
    timeoutMs: TOKEN_TIMEOUT_MS,
    // Never cut: a response that is lost after the provider has rotated the token costs the authorisation.
    signal: NEVER,
  });
  const json = jsonBody(response.text);
  const parsed = TokenResponse.safeParse(json);
  if (response.status === 200 && parsed.success && isJsonObject(json)) return { ...parsed.data, raw: json };
  throw tokenError(response.status, reasonOf(json), form);
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** The `error` of RFC 6749 5.2 is one of a few words; HubSpot calls its word `status`. Anything else stays out of the log. */
function reasonOf(json: Json | undefined): string {
  if (!isJsonObject(json)) return 'no reason given';
  const reason = json['error'] ?? json['status'];
  return typeof reason === 'string' && /^[A-Za-z_]{1,60}$/.test(reason) ? reason : 'no reason given';
}

const CODE_USED_UP =
  'the source does not take the code of this consent any more, or it was given for another redirect URI: connect again';
const USED_UP = new Set(['invalid_grant', 'BAD_REFRESH_TOKEN']);

function tokenError(status: number, reason: string, form: Record<string, string>): PipelineError {
  if (USED_UP.has(reason)) {
    const message = form['grant_type'] === 'authorization_code' ? CODE_USED_UP : 'the refresh token is no longer valid';
    return error('OAUTH_INVALID_GRANT', 'fail', `${message} (${reason})`, status);
  }
  if (status === 200 || status === 408 || status === 429 || status >= 500) {
    const message = `the token endpoint returned no token (${status}): try again later`;
    return error('OAUTH_UNAVAILABLE', 'retry', message, status);
  }
  if (reason === 'invalid_scope') {
    const scopes = `the token endpoint refuses the scopes (${status}, ${reason}): the app or connection does not hold all of them`;
    return error('OAUTH_INVALID_SCOPE', 'fix-config', scopes, status);
  }
  const message = `the token endpoint refuses the client (${status}, ${reason}): check client id and client secret`;
  return error('OAUTH_REFUSED', 'fix-config', message, status);
}

function error(code: string, recovery: 'fail' | 'retry' | 'fix-config', message: string, status: number) {
  return new PipelineError({ code, recovery, message, context: { status } });
}
