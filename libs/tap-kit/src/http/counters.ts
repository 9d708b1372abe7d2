import type { HttpPolicy, HttpResponse, RateLimit } from '../http-policy.ts';
import type { Counter, CounterLevel } from './rate-limiter.ts';

interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
}

/** The counters of the limits that apply to a request. */
export function countersOf(policy: HttpPolicy, request: Request, account: string | undefined): Counter[] {
  return applying(policy, request).map((limit) => counterOf(limit, request, account));
}

/** What a response says is left of these limits. */
export function levelsOf(
  policy: HttpPolicy,
  request: Request,
  account: string | undefined,
  response: Pick<HttpResponse, 'status' | 'headers'>,
): CounterLevel[] {
  return applying(policy, request).flatMap((limit) => {
    const remaining = limit.remaining?.(response);
    if (remaining === undefined || !Number.isFinite(remaining)) return [];
    return [{ counter: counterOf(limit, request, account), remaining: Math.max(0, remaining) }];
  });
}

function applying(policy: HttpPolicy, { method, path }: Request): RateLimit[] {
  return policy.limits.filter((limit) => limit.applies?.({ method, path }) ?? true);
}

function counterOf(limit: RateLimit, { path, headers }: Request, account: string | undefined): Counter {
  const { name, requests, perMs, isAdaptive = false } = limit;
  return { name, requests, perMs, isAdaptive, account: limit.scope?.({ path, headers }) ?? account };
}
