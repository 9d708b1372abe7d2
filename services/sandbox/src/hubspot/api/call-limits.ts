import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { SlidingWindow } from '../../rate-window.ts';
import { tooManyRequests } from './failure.ts';

/** A private app on the smallest plan, as documented. */
const CALLS_PER_10_SECONDS = 100;
const SEARCHES_PER_SECOND = 5;
const CALLS_PER_DAY = 250_000;
/** Only told of in headers. */
const CALLS_PER_SECOND = 10;
const DAY_MS = 86_400_000;
/** The account's day begins at midnight in its own time zone, here five hours behind UTC. */
const ZONE_OFFSET_MS = 5 * 3_600_000;

export interface CallLimits {
  handler: RequestHandler;
  today: () => { limit: number; used: number; resetsAt: string };
}

export interface CallLimitOptions {
  now: () => number;
  factor: number;
  /** @default 250,000 */
  callsPerDay?: number;
}

/** The limits with their headers. Searches have a limit of their own, do not count for the burst, and tell only of the day. */
export function callLimits({ callsPerDay = CALLS_PER_DAY, ...options }: CallLimitOptions): CallLimits {
  const window = (limit: number, windowMs: number) => new SlidingWindow({ limit, windowMs, ...options });
  const burst = window(CALLS_PER_10_SECONDS, 10_000);
  const second = window(CALLS_PER_SECOND, 1_000);
  const search = window(SEARCHES_PER_SECOND, 1_000);
  const day = { index: 0, used: 0 };
  const startDay = () => {
    const index = Math.floor((options.now() - ZONE_OFFSET_MS) / DAY_MS);
    if (index !== day.index) Object.assign(day, { index, used: 0 });
  };
  const handler: RequestHandler = (request, response, next) => {
    response.set('X-HubSpot-Correlation-Id', randomUUID());
    const isSearch = request.path.endsWith('/search');
    if (isSearch && !search.take().allowed) throw tooManyRequests('search');
    startDay();
    day.used += 1;
    response.set('X-HubSpot-RateLimit-Daily', String(callsPerDay));
    response.set('X-HubSpot-RateLimit-Daily-Remaining', String(Math.max(0, callsPerDay - day.used)));
    if (day.used > callsPerDay) throw tooManyRequests('day');
    if (!isSearch) {
      const { allowed, remaining } = burst.take();
      response.set({
        'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
        'X-HubSpot-RateLimit-Max': String(CALLS_PER_10_SECONDS),
        'X-HubSpot-RateLimit-Remaining': String(remaining),
        'X-HubSpot-RateLimit-Secondly': String(CALLS_PER_SECOND),
        'X-HubSpot-RateLimit-Secondly-Remaining': String(second.take().remaining),
      });
      if (!allowed) throw tooManyRequests('burst');
    }
    next();
  };
  const today = () => {
    startDay();
    const resetsAt = new Date((day.index + 1) * DAY_MS + ZONE_OFFSET_MS).toISOString();
    return { limit: callsPerDay, used: day.used, resetsAt };
  };
  return { handler, today };
}
