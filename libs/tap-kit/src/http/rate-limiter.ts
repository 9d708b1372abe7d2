import type { RateLimit } from '../http-policy.ts';

/** Keeps the requests of a tap within the source's limits, over everything that shares it. Counters, pauses and places belong to an account;
 *  without one to the connection. */
export interface RateLimiter {
  /** Books one request in each of these counters. */
  reserve: (counters: Counter[], account?: string) => Promise<Turn>;
  /** The source says how many requests are left. Counters follow it downwards only: responses arrive in any order. */
  follow: (levels: CounterLevel[]) => Promise<void>;
  /** The source has refused a request: adaptive limits allow less for a while. */
  slowDown: () => void;
  /** The source asked for a pause: no request is sent before it is over. */
  pause: (ms: number, account?: string) => Promise<void>;
  /** Waits for one of `slots` places in flight. Returns the function that leaves it. */
  enter: (slots: number, signal: AbortSignal, account?: string) => Promise<() => Promise<void>>;
}

/** When a request may be sent. */
export interface Turn {
  /** In milliseconds. */
  waitMs: number;
  /** The limit that makes it wait. Undefined: the source asked for a pause, or there is no wait. */
  limit: string | undefined;
}

/** The longest of these waits, and of a pause. */
export function longestWait(waits: Iterable<[limit: string, waitMs: number]>, pauseMs: number): Turn {
  let turn: Turn = { waitMs: Math.max(0, pauseMs), limit: undefined };
  for (const [limit, waitMs] of waits) if (waitMs > turn.waitMs) turn = { waitMs, limit };
  return turn;
}

/** A limit as it counts for one request. */
export interface Counter extends Pick<RateLimit, 'name' | 'requests' | 'perMs' | 'isAdaptive'> {
  account?: string | undefined;
}

export interface CounterLevel {
  counter: Counter;
  remaining: number;
}

/** A limit as a token bucket. Tokens may be booked ahead: below zero they say how long to wait. */
export interface Bucket {
  capacity: number;
  tokensPerMs: number;
}

const HOUR_MS = 3_600_000;

/** What may pass at once. The rest comes evenly, so that so much of an allowance stays unused in a long read. */
const BURST_SHARE = 1 / 20;

/** A bucket that lets a twentieth of the allowance pass at once and the rest evenly: no window of `perMs`, wherever it begins, holds more
 *  requests than allowed. Limits of an hour and more may be used up at any speed: spreading a day's allowance would slow every read,
 *  and the source says itself when it is used up.
 *  @param factor multiplies the allowance, for sandboxes. */
export function bucketOf(limit: Pick<RateLimit, 'requests' | 'perMs'>, factor: number): Bucket {
  const requests = limit.requests * factor;
  if (limit.perMs >= HOUR_MS) return { capacity: requests, tokensPerMs: requests / limit.perMs };
  const capacity = Math.max(1, Math.floor(requests * BURST_SHARE));
  return { capacity, tokensPerMs: Math.max(requests - capacity, requests / 2) / limit.perMs };
}
