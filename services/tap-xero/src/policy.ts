import type { Auth, HttpFailure, HttpPolicy, HttpResponse } from '@pipeline/tap-kit';
import type { XeroSettings } from './settings.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Xero accepts the previous refresh token this long after a lost answer. */
const REFRESH_GRACE_MS = 30 * MINUTE_MS;

/** Of 60 calls a minute and 5 at a time a few are left to whoever else uses the connection. */
const REQUESTS_PER_MINUTE = 55;
const CONCURRENCY_MAX = 4;

/** How Xero is reached. Facts: developer.xero.com, guides "OAuth 2.0" and "Limits". */
export function xeroPolicy(settings: XeroSettings): HttpPolicy {
  return {
    baseUrl: settings.base_url,
    auth: authOf(settings),
    // Without it Xero answers in XML.
    headers: { Accept: 'application/json' },
    limits: [
      { name: 'minute', requests: REQUESTS_PER_MINUTE, perMs: MINUTE_MS },
      { name: 'day', requests: settings.requests_per_day, perMs: DAY_MS },
    ],
    concurrencyMax: CONCURRENCY_MAX,
    failure: xeroFailure,
    correlationHeaders: ['xero-correlation-id'],
  };
}

function authOf(settings: XeroSettings): Auth {
  const client = {
    tokenUrl: `${settings.identity_url}/connect/token`,
    clientId: settings.client_id,
    clientSecret: settings.client_secret,
  };
  const { refresh_token: refreshToken } = settings;
  if (refreshToken === undefined) return { kind: 'client-credentials', ...client, scope: settings.scopes };
  return { kind: 'refresh-token', ...client, refreshToken, graceMs: REFRESH_GRACE_MS, clientAuth: 'basic' };
}

/** What only Xero can say of a failure; the rest is left to the runtime's defaults. */
export function xeroFailure(answer: HttpResponse): HttpFailure | undefined {
  if (answer.status === 401 && detailOf(answer) === 'AuthorizationUnsuccessful') {
    return {
      code: 'SOURCE_FORBIDDEN',
      recovery: 'fix-config',
      message:
        'Xero refuses the request because the app lacks a scope (401): authorise again with the scopes of this stream',
    };
  }
  if (answer.status === 403) {
    return {
      code: 'SOURCE_FORBIDDEN',
      recovery: 'fix-config',
      message: 'Xero refuses access to the organisation (403): connect the app to it again, or correct tenant_id',
    };
  }
  return answer.status === 429 ? rateLimited(answer) : undefined;
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
  if (typeof json !== 'object' || json === null || Array.isArray(json) || JSON.isRawJSON(json)) return undefined;
  return json['Detail'] ?? json['detail'];
}
