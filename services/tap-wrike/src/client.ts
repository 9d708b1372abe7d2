import { isJsonObject } from '@pipeline/singer';
import type { Auth, HttpFailure, HttpPolicy, HttpResponse } from '@pipeline/tap-kit';
import { isWrikeAddress, type Settings, WRIKE_HOST } from './settings.ts';

const LOGIN_URL = 'https://login.wrike.com';
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** A guard of Wrike's refuses bursts long before the minute's allowance is used up: a second gets a little more than its even share. */
const BURST = 1.1;
const CONCURRENCY_MAX = 4;
const REASON_MAX = 200;

/** How Wrike's API v4 is reached. */
export function httpPolicy(settings: Settings): HttpPolicy {
  const perMinute = settings.requests_per_minute;
  return {
    baseUrl: apiUrl(settings.base_url),
    otherHosts: ['*.wrike.com'],
    auth: authOf(settings),
    limits: [
      { name: 'second', requests: Math.max(1, Math.ceil((perMinute * BURST) / 60)), perMs: SECOND_MS },
      { name: 'minute', requests: perMinute, perMs: MINUTE_MS, isAdaptive: true },
    ],
    concurrencyMax: CONCURRENCY_MAX,
    failure,
  };
}

function authOf(settings: Settings): Auth {
  const { token, client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken } = settings;
  if (token !== undefined) return { kind: 'bearer', token };
  return {
    kind: 'refresh-token',
    tokenUrl: `${loginUrl(settings)}/oauth2/token`,
    clientId: clientId ?? '',
    clientSecret: clientSecret ?? '',
    refreshToken: refreshToken ?? '',
    // The old pair dies with the refresh: a lost response needs a new authorisation.
    graceMs: 0,
    clientAuth: 'form',
    baseUrlOf: (response) => apiUrlOfHost(response['host'], settings),
  };
}

/** Address of the API at a data centre, however much of it an operator wrote. */
function apiUrl(address: string): string {
  return `${address
    .trim()
    .replace(/\/+$/, '')
    .replace(/\/api\/v4$/, '')}/api/v4`;
}

/** Where consent is asked for and codes and tokens are redeemed. The endpoint of each data centre was switched off in May 2026.
 *  Source: https://developers.wrike.com/docs/oauth-20-authorization */
export function loginUrl(settings: Pick<Settings, 'login_url' | 'allow_other_host' | 'base_url'>): string {
  const { login_url: configured, allow_other_host: isSandbox, base_url: base } = settings;
  const address = configured ?? (isSandbox && !isWrikeAddress(base) ? base : LOGIN_URL);
  return address.replace(/\/+$/, '');
}

/** Addresses of the API in the order in which a permanent token is tried. */
export function apiUrlsToTry({
  base_url: base,
  data_centres: others,
}: Pick<Settings, 'base_url' | 'data_centres'>): string[] {
  return [...new Set([base, ...others.split(',')].map(apiUrl))];
}

/** The API's address out of the `host` of a token response.
 *  @returns undefined for a host that is not Wrike's: no token goes there. */
export function apiUrlOfHost(
  host: unknown,
  settings: Pick<Settings, 'allow_other_host' | 'base_url'>,
): string | undefined {
  if (typeof host !== 'string' || host === '') return undefined;
  if (WRIKE_HOST.test(host)) return apiUrl(`https://${host}`);
  if (!settings.allow_other_host) return undefined;
  const address = `${new URL(settings.base_url).protocol}//${host}`;
  return URL.canParse(address) ? apiUrl(address) : undefined;
}

export const INVALID_PARAMETER = 'WRIKE_INVALID_PARAMETER';
export const WRONG_HOST = 'WRIKE_WRONG_HOST';
export const NOT_FOUND = 'WRIKE_NOT_FOUND';

/** What Wrike's refusals mean, where the status alone does not say it. */
export function failure({ status, json }: HttpResponse): HttpFailure | undefined {
  const error = textOf(json, 'error');
  const reason = textOf(json, 'errorDescription') || error;
  const told = reason === '' ? status : `${status}, ${reason}`;
  switch (status) {
    case 300: {
      const remedy = 'set WRIKE_BASE_URL to the address that the browser shows in Wrike';
      return failed(WRONG_HOST, 'fix-config', `the account lives in another data centre (300): ${remedy}`);
    }
    case 400:
      if (error !== 'invalid_parameter' && error !== 'invalid_request') return undefined;
      return failed(INVALID_PARAMETER, 'fail', `Wrike refuses the request (${told})`);
    case 401: {
      const remedy =
        'check WRIKE_TOKEN and WRIKE_BASE_URL (an account of another data centre is refused like this), or authorise again';
      return failed('SOURCE_UNAUTHORISED', 'fix-config', `Wrike does not accept the token (${told}): ${remedy}`);
    }
    case 403: {
      const remedy =
        "grant the scope that the tap's guide names for this stream, or take the stream out of `select`; some streams need a larger plan or an add-on";
      return failed('SOURCE_FORBIDDEN', 'fix-config', `Wrike refuses access (${told}): ${remedy}`);
    }
    case 404:
      return failed(NOT_FOUND, 'fail', `Wrike does not have this (${told})`);
    default:
      return undefined;
  }
}

function failed(code: string, recovery: HttpFailure['recovery'], message: string): HttpFailure {
  return { code, recovery, message };
}

/** What Wrike says of the failure, bounded. */
function textOf(json: HttpResponse['json'], field: 'error' | 'errorDescription'): string {
  const value = isJsonObject(json) ? json[field] : undefined;
  return typeof value === 'string' ? value.slice(0, REASON_MAX) : '';
}
