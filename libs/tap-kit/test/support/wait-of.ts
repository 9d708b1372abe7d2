import type { RateLimiter } from '../../src/http/rate-limiter.ts';

/** Books one request. Returns the wait in milliseconds. */
export async function waitOf(limiter: RateLimiter, ...booking: Parameters<RateLimiter['reserve']>): Promise<number> {
  return (await limiter.reserve(...booking)).waitMs;
}
