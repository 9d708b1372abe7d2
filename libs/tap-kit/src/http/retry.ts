import type { Backoff } from '@pipeline/resilience';

/** Tries of one request. With the back-off below, an outage of about a minute passes unnoticed; a longer one fails the attempt,
 *  and the next one goes on from its last checkpoint. */
export const REQUEST_TRIES_MAX = 8;

/** Longest wait that a request sits out, in milliseconds. Longer ones (a daily limit) end the read with its state kept. */
export const WAIT_MAX_MS = 5 * 60_000;

/** Between two tries of a request. */
export const REQUEST_BACKOFF: Backoff = { firstMs: 500, maxMs: 30_000 };

/** The header `Retry-After` (RFC 9110 10.2.3: seconds, with a fraction where a source sends one, or a date), in milliseconds from now. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
