import { isJsonObject } from '@pipeline/singer';
import type { Auth, HttpFailure, HttpPolicy, HttpResponse, RateLimit } from '@pipeline/tap-kit';
import { count, remainingToday } from './budget/call-budget.ts';
import { SCOPES_BASIC, SCOPES_BROAD, SCOPES_GRANULAR, type Settings } from './settings.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Xero accepts the previous refresh token this long after a lost response. */
const REFRESH_GRACE_MS = 30 * MINUTE_MS;

/** A refresh token that nobody uses dies. */
const REFRESH_LIFETIME_MS = 60 * DAY_MS;

/** Of Xero's 60 calls a minute and 5 at a time one is left: a call that is long on its way counts in Xero's minute, not in the one it was sent in. What
 *  others use of them is told by Xero's headers. */
const REQUESTS_PER_MINUTE = 59;
const CONCURRENCY_MAX = 4;

/** Over all organisations that an app is connected to. */
const APP_REQUESTS_PER_MINUTE = 10_000;

/** The largest daily limit of any plan: the real one is followed downwards. */
const REQUESTS_PER_DAY_MAX = 5_000;

/** How Xero is reached. Facts: developer.xero.com, guides "OAuth 2.0" and "Limits". */
export function httpPolicy(settings: Settings): HttpPolicy {
  return {
    baseUrl: settings.base_url,
    auth: authOf(settings),
    // Without it Xero sends XML.
    headers: { Accept: 'application/json' },
    limits: limitsOf(settings),
    concurrencyMax: CONCURRENCY_MAX,
    failure,
    correlationHeaders: ['xero-correlation-id'],
  };
}

/** The minute and the day are counted for each organisation; the list of connections counts for none. */
function limitsOf(settings: Settings): RateLimit[] {
  const ofTenant = {
    applies: ({ path }: { path: string }) => path.includes('api.xro'),
    scope: ({ headers }: { headers: Record<string, string> }) => tenantIn(headers),
  };
  return [
    {
      ...ofTenant,
      name: 'minute',
      requests: REQUESTS_PER_MINUTE,
      perMs: MINUTE_MS,
      remaining: ({ headers }) => count(headers['x-minlimit-remaining']),
    },
    {
      ...ofTenant,
      name: 'day',
      requests: settings.requests_per_day ?? REQUESTS_PER_DAY_MAX,
      perMs: DAY_MS,
      remaining: ({ headers }) => remainingToday(headers),
    },
    { name: 'app-minute', requests: APP_REQUESTS_PER_MINUTE, perMs: MINUTE_MS },
  ];
}

function tenantIn(headers: Record<string, string>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'xero-tenant-id')?.[1];
}

function authOf(settings: Settings): Auth {
  const client = {
    tokenUrl: `${settings.identity_url}/connect/token`,
    clientId: settings.client_id,
    clientSecret: settings.client_secret,
  };
  const { refresh_token: refreshToken, scopes } = settings;
  if (refreshToken === undefined) {
    const alternatives = scopes === undefined ? [SCOPES_GRANULAR, SCOPES_BROAD, SCOPES_BASIC] : [scopes];
    return { kind: 'client-credentials', ...client, scopes: alternatives };
  }
  return {
    kind: 'refresh-token',
    ...client,
    refreshToken,
    graceMs: REFRESH_GRACE_MS,
    lifetimeMs: REFRESH_LIFETIME_MS,
    clientAuth: 'basic',
  };
}

/** What only Xero can say of a failure; the rest is left to the runtime's defaults. */
export function failure(response: HttpResponse): HttpFailure | undefined {
  if (response.status === 401 && detailOf(response) === 'AuthorizationUnsuccessful') {
    return {
      code: 'SOURCE_FORBIDDEN',
      recovery: 'fix-config',
      message: `Xero refuses the request because the app lacks a scope or its plan does not include the endpoint (401): authorise again with ${scopeHint(response.path)}`,
    };
  }
  if (response.status === 403) {
    return {
      code: 'SOURCE_FORBIDDEN',
      recovery: 'fix-config',
      message: 'Xero refuses access to the organisation (403): connect the app to it again, or correct tenant_id',
    };
  }
  return response.status === 429 ? rateLimited(response) : undefined;
}

function scopeHint(path: string): string {
  return path.includes('Journals')
    ? 'accounting.journals.read or accounting.manualjournals.read'
    : 'the scopes of this stream';
}

/** Which limit it was is said by a header whose words have changed over the years. The wait is in `Retry-After`, which the runtime heeds. */
function rateLimited({ headers }: HttpResponse): HttpFailure {
  const isDaily = /da(?:y|ily)/i.test(headers['x-rate-limit-problem'] ?? '');
  const limit = { code: 'SOURCE_RATE_LIMITED', recovery: 'retry' } as const;
  if (!isDaily) return { ...limit, message: 'Xero limits the rate of requests (429)' };
  return {
    ...limit,
    message:
      'the daily limit of calls to this Xero organisation is used up (429): the next run goes on where this one ends',
    stopsRun: true,
  };
}

/** Xero has spelled the key in either case. */
function detailOf({ json }: HttpResponse): unknown {
  return isJsonObject(json) ? (json['Detail'] ?? json['detail']) : undefined;
}
