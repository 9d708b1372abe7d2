import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler, Response } from 'express';
import { SlidingWindow } from '../../rate-window.ts';
import { ApiFailure } from './failure.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Calls of one app to one tenant, as documented. */
const CALLS_PER_MINUTE = 60;
const CALLS_PER_DAY = 5_000;
const APP_CALLS_PER_MINUTE = 10_000;
const CALLS_IN_PROGRESS = 5;

export interface CallLimitOptions {
  now: () => number;
  factor: number;
  /** 1,000 on the Starter plan. @default 5000 */
  callsPerDay?: number;
  /** How long each call takes, in milliseconds: several may then be in progress. @default 0 */
  latencyMs?: number;
  tenantOf: (response: Response) => string;
}

interface Limit {
  problem: string;
  header: string;
  window: SlidingWindow;
  remaining: number;
}

/** The limits on data calls, with their headers and the four forms of 429. They are counted for each tenant, except the app's own. Every response
 *  tells what is left of each. */
export function callLimits(options: CallLimitOptions): RequestHandler {
  const limit = (problem: string, header: string, calls: number, windowMs: number): Limit => ({
    problem,
    header,
    window: new SlidingWindow({ limit: calls, windowMs, now: options.now, factor: options.factor }),
    remaining: calls,
  });
  const app = limit('appminute', 'X-AppMinLimit-Remaining', APP_CALLS_PER_MINUTE, MINUTE_MS);
  const tenants = new Map<string, { limits: Limit[]; inProgress: number }>();
  const tenantOf = (response: Response) => {
    const id = options.tenantOf(response);
    const minute = () => limit('minute', 'X-MinLimit-Remaining', CALLS_PER_MINUTE, MINUTE_MS);
    const day = () => limit('day', 'X-DayLimit-Remaining', options.callsPerDay ?? CALLS_PER_DAY, DAY_MS);
    const tenant = tenants.get(id) ?? { limits: [app, minute(), day()], inProgress: 0 };
    tenants.set(id, tenant);
    return tenant;
  };
  return async (_request, response, next) => {
    const tenant = tenantOf(response);
    response.set('Xero-Correlation-Id', randomUUID());
    const refusal = tenant.inProgress >= CALLS_IN_PROGRESS ? tooMany('concurrent') : take(tenant.limits);
    for (const { header, remaining } of tenant.limits) response.set(header, String(remaining));
    if (refusal !== undefined) throw refusal;
    tenant.inProgress += 1;
    response.once('close', () => {
      tenant.inProgress -= 1;
    });
    if (options.latencyMs !== undefined) await sleep(options.latencyMs);
    next();
  };
}

/** Takes from each limit in turn, up to the one that refuses. */
function take(limits: Limit[]): ApiFailure | undefined {
  for (const limit of limits) {
    const { allowed, remaining, retryAfterMs } = limit.window.take();
    limit.remaining = remaining;
    if (!allowed) return tooMany(limit.problem, { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) });
  }
  return undefined;
}

/** The body is empty: only the headers tell which limit it was. */
function tooMany(problem: string, headers: Record<string, string> = {}): ApiFailure {
  return new ApiFailure(429, '', { 'X-Rate-Limit-Problem': problem, ...headers });
}
