import { isJsonObject } from '@pipeline/singer';
import type { Auth, HttpClient, HttpFailure, HttpPolicy, HttpResponse } from '@pipeline/tap-kit';
import type { Settings } from './settings.ts';

const MINUTE_MS = 60_000;
const REQUESTS_PER_MINUTE = 400;
/** A dynamic guard refuses bursts long before the minute's allowance is used up. */
const REQUESTS_PER_SECOND = 6;
const CONCURRENCY_MAX = 4;
const REASON_MAX = 200;

/** How Wrike's API v4 is reached. */
export function httpPolicy(settings: Settings): HttpPolicy {
  const root = settings.base_url.replace(/\/+$/, '').replace(/\/api\/v4$/, '');
  return {
    baseUrl: `${root}/api/v4`,
    auth: authOf(settings, root),
    limits: [
      { name: 'second', requests: REQUESTS_PER_SECOND, perMs: 1_000 },
      { name: 'minute', requests: REQUESTS_PER_MINUTE, perMs: MINUTE_MS },
    ],
    concurrencyMax: CONCURRENCY_MAX,
    failure,
  };
}

/** Proves the credentials. */
export async function connect(http: HttpClient): Promise<Record<string, never>> {
  await http.json({ path: '/account' });
  return {};
}

function authOf(settings: Settings, root: string): Auth {
  const { token, client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken } = settings;
  if (token !== undefined) return { kind: 'bearer', token };
  return {
    kind: 'refresh-token',
    tokenUrl: `${root}/oauth2/token`,
    clientId: clientId ?? '',
    clientSecret: clientSecret ?? '',
    refreshToken: refreshToken ?? '',
    // The old pair dies with the refresh: a lost answer needs a new authorisation.
    graceMs: 0,
    clientAuth: 'form',
  };
}

export const INVALID_PARAMETER = 'WRIKE_INVALID_PARAMETER';

/** What Wrike's refusals mean, where the status alone does not say it. */
export function failure({ status, json }: HttpResponse): HttpFailure | undefined {
  const { error, reason } = errorOf(json);
  if (status === 300) {
    return {
      code: 'WRIKE_WRONG_HOST',
      recovery: 'fix-config',
      message: 'the account lives in another data centre (300): set WRIKE_BASE_URL to the address shown in the browser',
    };
  }
  if (status === 400 && error === 'invalid_parameter') {
    return { code: INVALID_PARAMETER, recovery: 'fail', message: `Wrike refuses the request (400): ${reason}` };
  }
  if (status === 401) {
    const remedy = 'check WRIKE_TOKEN or authorise the app again';
    return { code: 'SOURCE_UNAUTHORISED', recovery: 'fix-config', message: `${reason || error} (401): ${remedy}` };
  }
  if (status === 403) {
    const remedy =
      'the token needs the scopes wsReadOnly, amReadOnlyWorkflow and amReadOnlyUser, and the plan the feature';
    return { code: 'SOURCE_FORBIDDEN', recovery: 'fix-config', message: `${reason || error} (403): ${remedy}` };
  }
  if (status === 404) {
    return { code: 'WRIKE_NOT_FOUND', recovery: 'fail', message: `Wrike does not have this (404): ${reason || error}` };
  }
  return undefined;
}

function errorOf(json: HttpResponse['json']): { error: string; reason: string } {
  const { error, errorDescription } = isJsonObject(json) ? json : {};
  const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, REASON_MAX) : '');
  return { error: text(error), reason: text(errorDescription) };
}
