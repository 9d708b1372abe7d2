import type { HttpFailure, HttpPolicy, HttpResponse } from '@pipeline/tap-kit';
import { z } from 'zod';
import type { HubspotSettings } from './settings.ts';

/** The account may make 5, shared by all its apps. */
const SEARCHES_PER_SECOND = 4;
/** A record that somebody else is writing is free again after this. */
const LOCK_WAIT_MS = 2_000;

export function httpPolicy(settings: HubspotSettings): HttpPolicy {
  const isSearch = ({ path }: { path: string }) => path.endsWith('/search');
  return {
    baseUrl: settings.base_url,
    auth: { kind: 'bearer', token: settings.access_token },
    limits: [
      {
        name: 'burst',
        requests: settings.requests_per_10_seconds,
        perMs: 10_000,
        applies: (request) => !isSearch(request),
      },
      { name: 'search', requests: SEARCHES_PER_SECOND, perMs: 1_000, applies: isSearch },
    ],
    failure,
    correlationHeaders: ['x-hubspot-correlation-id'],
  };
}

/** What HubSpot says of a failure; every field may be missing. */
const ErrorBody = z.object({
  category: z.string().optional().catch(undefined),
  policyName: z.string().optional().catch(undefined),
  errors: z
    .array(z.object({ context: z.object({ requiredGranularScopes: z.array(z.string()) }) }))
    .optional()
    .catch(undefined),
});

/** What an answer other than 2xx means. */
export function failure({ status, json }: HttpResponse): HttpFailure | undefined {
  const body = ErrorBody.safeParse(json).data ?? {};
  switch (status) {
    case 401:
      return fixConfig(
        'SOURCE_UNAUTHORISED',
        'HubSpot does not accept the token (401): it was rotated, revoked or mistyped. Copy the current one from the private app or service key',
      );
    case 403:
      return fixConfig(
        'SOURCE_FORBIDDEN',
        `HubSpot refuses access (403): grant the app ${requiredScopes(body)}, or take the stream out of \`select\``,
      );
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
        message: 'HubSpot is moving the account to another data centre (477): it answers again when that is done',
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

/** HubSpot does not say when to come back; the name of the limit does. */
function rateLimited({ policyName, category }: z.infer<typeof ErrorBody>): HttpFailure {
  const limited = { code: 'SOURCE_RATE_LIMITED', recovery: 'retry' } as const;
  if (policyName === 'DAILY') {
    return {
      ...limited,
      message: "the account's requests of this day are used up (429): a run after midnight in its time zone goes on",
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

function requiredScopes({ errors = [] }: z.infer<typeof ErrorBody>): string {
  const scopes = errors.flatMap(({ context }) => context.requiredGranularScopes);
  return scopes.length === 0 ? 'the read scope of this stream' : `the scope ${scopes.join(' or ')}`;
}

function fixConfig(code: string, message: string): HttpFailure {
  return { code, recovery: 'fix-config', message };
}
