import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { RequestError } from './errors.ts';

const MINUTE_MS = 60_000;

/** Refuses what one address sends beyond so many requests a minute. */
export function requestLimit(perMinute: number, refused = TOO_MANY, isOnlyFailed = false) {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
    legacyHeaders: false,
    standardHeaders: !isOnlyFailed,
    skipSuccessfulRequests: isOnlyFailed,
    keyGenerator: (request) => ipKeyGenerator(request.ip ?? ''),
    handler: (_request, _response, next) =>
      next(new RequestError({ ...refused, status: 429, retryAfterMs: MINUTE_MS })),
  });
}

const TOO_MANY = { code: 'TOO_MANY_REQUESTS', message: 'too many requests from this address' };
