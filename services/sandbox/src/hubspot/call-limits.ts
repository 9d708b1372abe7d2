import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { SlidingWindow } from '../rate-window.ts';
import { tooManyRequests } from './failure.ts';

/** A private app on the smallest plan, as documented. */
const CALLS_PER_10_SECONDS = 100;
const SEARCHES_PER_SECOND = 5;
const CALLS_PER_DAY = 250_000;
/** Only told of in headers. */
const CALLS_PER_SECOND = 10;

/** The limits with their headers. Searches have a limit of their own, do not count for the burst, and tell only of the day. */
export function callLimits(options: { now: () => number; factor: number }): RequestHandler {
  const window = (limit: number, windowMs: number) => new SlidingWindow({ limit, windowMs, ...options });
  const burst = window(CALLS_PER_10_SECONDS, 10_000);
  const second = window(CALLS_PER_SECOND, 1_000);
  const search = window(SEARCHES_PER_SECOND, 1_000);
  const day = window(CALLS_PER_DAY, 86_400_000);
  return (request, response, next) => {
    response.set('X-HubSpot-Correlation-Id', randomUUID());
    const isSearch = request.path.endsWith('/search');
    if (isSearch && !search.take().allowed) throw tooManyRequests('search');
    const today = day.take();
    response.set('X-HubSpot-RateLimit-Daily', String(today.limit));
    response.set('X-HubSpot-RateLimit-Daily-Remaining', String(today.remaining));
    if (!today.allowed) throw tooManyRequests('day');
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
}
