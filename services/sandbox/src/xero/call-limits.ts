import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { SlidingWindow } from '../rate-window.ts';
import { ApiFailure } from './failure.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Calls of one app to one tenant, as documented. */
const CALLS_PER_MINUTE = 60;
const CALLS_PER_DAY = 5_000;
const APP_CALLS_PER_MINUTE = 10_000;
const CALLS_IN_PROGRESS = 5;

/** The limits on data calls, with their headers and the three forms of 429. A call takes from each limit in turn. */
export function callLimits(options: { now: () => number; factor: number }): RequestHandler {
  const window = (limit: number, windowMs: number) => new SlidingWindow({ limit, windowMs, ...options });
  const limits = [
    { problem: 'appminute', header: 'X-AppMinLimit-Remaining', window: window(APP_CALLS_PER_MINUTE, MINUTE_MS) },
    { problem: 'minute', header: 'X-MinLimit-Remaining', window: window(CALLS_PER_MINUTE, MINUTE_MS) },
    { problem: 'day', header: 'X-DayLimit-Remaining', window: window(CALLS_PER_DAY, DAY_MS) },
  ];
  let inProgress = 0;
  return (_request, response, next) => {
    response.set('Xero-Correlation-Id', randomUUID());
    if (inProgress >= CALLS_IN_PROGRESS) throw tooMany('concurrent');
    for (const { problem, header, window } of limits) {
      const { allowed, remaining, retryAfterMs } = window.take();
      response.set(header, String(remaining));
      if (!allowed) throw tooMany(problem, { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) });
    }
    inProgress += 1;
    response.once('close', () => {
      inProgress -= 1;
    });
    next();
  };
}

/** The body is empty: only the headers tell which limit it was. */
function tooMany(problem: string, headers: Record<string, string> = {}): ApiFailure {
  return new ApiFailure(429, '', { 'X-Rate-Limit-Problem': problem, ...headers });
}
