/** Tries of one request. With the back-off below, an outage of about a minute passes unnoticed; a longer one fails the attempt,
 *  and the next one goes on from its last checkpoint. */
export const REQUEST_TRIES_MAX = 8;

/** Longest wait that a request sits out, in milliseconds. Longer ones (a daily limit) end the read with its state kept. */
export const WAIT_MAX_MS = 5 * 60_000;

const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 30_000;

/** Wait before try number `tries + 1`, in milliseconds: doubles from half a second to 30 s, half of it by chance, so that
 *  replicas which failed together do not come back together. */
export function backoffMs(tries: number, random: () => number): number {
  const full = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (tries - 1));
  return full / 2 + (full / 2) * random();
}

/** The header `Retry-After` (RFC 9110 10.2.3: seconds, with a fraction where a source sends one, or a date), in milliseconds from now. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
