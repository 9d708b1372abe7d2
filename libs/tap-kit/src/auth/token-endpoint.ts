import { PipelineError } from '@pipeline/contracts';
import { isJsonObject, type Json } from '@pipeline/singer';
import { z } from 'zod';
import type { Exchange } from '../http/exchange.ts';
import { jsonBody } from '../http/http-answer.ts';
import type { Auth } from '../http-policy.ts';

/** Longest request to a token endpoint: shorter than the time a database transaction may wait for it. */
const TOKEN_TIMEOUT_MS = 15_000;
const DEFAULT_LIFE_SECONDS = 1800;
const NEVER = new AbortController().signal;

const TokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.coerce.number().positive().default(DEFAULT_LIFE_SECONDS),
});
export type TokenAnswer = z.infer<typeof TokenAnswer>;

type OAuth = Exclude<Auth, { kind: 'bearer' }>;

/** Asks for tokens once (RFC 6749, 4.4 and 6).
 *  @throws PipelineError `OAUTH_INVALID_GRANT` (this refresh token is used up), `OAUTH_REFUSED` (`fix-config`), or with recovery `retry`. */
export async function requestToken(
  exchange: Exchange,
  auth: OAuth,
  form: Record<string, string>,
): Promise<TokenAnswer> {
  const inForm = auth.kind === 'refresh-token' && auth.clientAuth === 'form';
  const secretForm = inForm ? { client_id: auth.clientId, client_secret: auth.clientSecret } : {};
  const answer = await exchange({
    method: 'POST',
    url: new URL(auth.tokenUrl),
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(inForm ? {} : { authorization: basic(auth.clientId, auth.clientSecret) }),
    },
    body: new URLSearchParams({ ...form, ...secretForm }).toString(),
    timeoutMs: TOKEN_TIMEOUT_MS,
    // Never cut: an answer that is lost after the provider has rotated the token costs the authorisation.
    signal: NEVER,
  });
  const json = jsonBody(answer.text);
  const parsed = TokenAnswer.safeParse(json);
  if (answer.status === 200 && parsed.success) return parsed.data;
  throw tokenError(answer.status, reasonOf(json));
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

const USED_UP = new Set(['invalid_grant', 'BAD_REFRESH_TOKEN']);

function tokenError(status: number, reason: string): PipelineError {
  if (USED_UP.has(reason)) {
    return error('OAUTH_INVALID_GRANT', 'fail', `the refresh token is no longer valid (${reason})`, status);
  }
  if (status === 200 || status === 408 || status === 429 || status >= 500) {
    return error('OAUTH_UNAVAILABLE', 'retry', `the token endpoint gives no token (${status})`, status);
  }
  const message = `the token endpoint refuses the client (${status}, ${reason}): check client id and client secret`;
  return error('OAUTH_REFUSED', 'fix-config', message, status);
}

function error(code: string, recovery: 'fail' | 'retry' | 'fix-config', message: string, status: number) {
  return new PipelineError({ code, recovery, message, context: { status } });
}
