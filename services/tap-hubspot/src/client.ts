import type { Auth, HttpFailure, HttpPolicy, HttpResponse } from '@pipeline/tap-kit';
import { z } from 'zod';
import type { Settings } from './settings.ts';

/** The account may make 5, shared by all its apps. */
const SEARCHES_PER_SECOND = 4;
/** A record that somebody else is writing is free again after this. */
const LOCK_WAIT_MS = 2_000;
const DAY_MS = 86_400_000;

export function httpPolicy(settings: Settings): HttpPolicy {
  const isSearch = ({ path }: { path: string }) => path.endsWith('/search');
  const budget = settings.requests_per_day * settings.daily_budget_fraction;
  return {
    baseUrl: settings.base_url,
    auth: authOf(settings),
    limits: [
      {
        name: 'burst',
        requests: settings.requests_per_10_seconds,
        perMs: 10_000,
        applies: (request) => !isSearch(request),
        remaining: ({ headers }) => numberIn(headers['x-hubspot-ratelimit-remaining']),
      },
      { name: 'search', requests: SEARCHES_PER_SECOND, perMs: 1_000, applies: isSearch },
      {
        name: 'day',
        requests: Math.max(1, Math.floor(budget)),
        perMs: DAY_MS,
        remaining: ({ headers }) => remainingToday(headers, settings),
      },
    ],
    failure,
    correlationHeaders: ['x-hubspot-correlation-id'],
  };
}

function authOf({ access_token, base_url, ...oauth }: Settings): Auth {
  if (access_token !== undefined) return { kind: 'bearer', token: access_token };
  return {
    kind: 'refresh-token',
    tokenUrl: `${base_url}/oauth/v3/token`,
    clientId: oauth.client_id ?? '',
    clientSecret: oauth.client_secret ?? '',
    refreshToken: oauth.refresh_token ?? '',
    // The refresh token does not rotate: a lost response costs nothing.
    graceMs: DAY_MS,
    clientAuth: 'form',
  };
}

/** What is left for this tap, after the share of the other apps. */
function remainingToday(headers: Record<string, string>, { daily_budget_fraction }: Settings): number | undefined {
  const limit = numberIn(headers['x-hubspot-ratelimit-daily']);
  const left = numberIn(headers['x-hubspot-ratelimit-daily-remaining']);
  if (limit === undefined || left === undefined) return undefined;
  return Math.max(0, Math.floor(left - limit * (1 - daily_budget_fraction)));
}

function numberIn(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** What HubSpot says of a failure; every field may be missing. */
const ErrorBody = z.object({
  status: z.string().optional().catch(undefined),
  category: z.string().optional().catch(undefined),
  subCategory: z.string().optional().catch(undefined),
  policyName: z.string().optional().catch(undefined),
  errors: z
    .array(z.object({ context: z.object({ requiredGranularScopes: z.array(z.string()) }) }))
    .optional()
    .catch(undefined),
});
type ErrorBody = z.infer<typeof ErrorBody>;

/** What a response other than 2xx means. */
export function failure({ status, json }: HttpResponse): HttpFailure | undefined {
  const body = ErrorBody.safeParse(json).data ?? {};
  switch (status) {
    case 400:
      return badRequest(body);
    case 401:
      return body.category === 'EXPIRED_AUTHENTICATION' ? undefined : fixConfig('SOURCE_UNAUTHORISED', TOKEN_REFUSED);
    case 403:
      return fixConfig(
        'SOURCE_FORBIDDEN',
        `HubSpot refuses access (403): grant the app ${requiredScopes(body)}, or take the stream out of \`select\``,
      );
    case 414:
      return { code: 'SOURCE_REFUSED', recovery: 'fail', message: 'HubSpot refuses so long an address (414)' };
    case 423:
      return {
        code: 'SOURCE_LOCKED',
        recovery: 'retry',
        message: 'HubSpot is writing what was asked for (423)',
        retryAfterMs: LOCK_WAIT_MS,
      };
    case 429:
      return rateLimited(body);
    case 477:
      return {
        code: 'SOURCE_MIGRATING',
        recovery: 'retry',
        message: 'HubSpot is moving the account to another data centre (477): it responds again when that is done',
      };
    case 530:
      return fixConfig(
        'SOURCE_UNAUTHORISED',
        'HubSpot does not know the form of the token (530): it begins with `pat-`',
      );
    default:
      return undefined;
  }
}

const TOKEN_REFUSED =
  'HubSpot does not accept the token (401): it was rotated, revoked or mistyped. Copy the current one from the private app or service key';

/** Types of objects that this account does not have are refused in several forms. */
function badRequest({ status, subCategory }: ErrorBody): HttpFailure | undefined {
  if (status === 'BAD_REFRESH_TOKEN') {
    return fixConfig(
      'SOURCE_UNAUTHORISED',
      'HubSpot does not accept the refresh token (400): it belongs to another app or was revoked. Install the app again',
    );
  }
  if (subCategory?.startsWith('ObjectTypeError') !== true) return undefined;
  return fixConfig(
    'SOURCE_TYPE_NOT_ACTIVATED',
    'this account has not activated this type of object (400): an administrator does so in the object library, or take the stream out of `select`',
  );
}

/** HubSpot does not say when to come back; the name of the limit does. */
function rateLimited({ policyName, category }: ErrorBody): HttpFailure {
  const limited = { code: 'SOURCE_RATE_LIMITED', recovery: 'retry' } as const;
  if (policyName === 'DAILY') {
    return {
      ...limited,
      message:
        "the account's requests of this day are used up (429) until midnight in the account's time zone: the next run after that goes on",
      stopsRun: true,
    };
  }
  if (policyName === 'TEN_SECONDLY_ROLLING') {
    return { ...limited, message: 'too many requests in 10 seconds (429)', retryAfterMs: 10_000 };
  }
  if (category === 'RATE_LIMITS') {
    return { ...limited, message: 'too many searches in a second (429)', retryAfterMs: 1_000 };
  }
  return { ...limited, message: 'HubSpot limits the rate of requests (429)' };
}

function requiredScopes({ errors = [] }: ErrorBody): string {
  const scopes = errors.flatMap(({ context }) => context.requiredGranularScopes);
  return scopes.length === 0 ? 'the read scope of this stream' : `the scope ${scopes.join(' or ')}`;
}

function fixConfig(code: string, message: string): HttpFailure {
  return { code, recovery: 'fix-config', message };
}
