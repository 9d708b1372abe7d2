/** What a limit says to one request. */
export interface Allowance {
  allowed: boolean;
  limit: number;
  /** Requests left after this one. */
  remaining: number;
  /** Until a refused request may come again, in milliseconds of the imitated service's clock; 0 when allowed. */
  retryAfterMs: number;
}

export interface RateWindowOptions {
  limit: number;
  windowMs: number;
  /** Epoch milliseconds. */
  now: () => number;
  /** The window is this many times shorter; the limit stays as documented, so that headers carry the real numbers. */
  factor: number;
}

/** At most `limit` requests in any stretch of `windowMs`. Refused requests don't count. */
export class SlidingWindow {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  /** When the allowed requests of the window came: a ring, the oldest at `#first`. */
  readonly #times: Float64Array;
  #first = 0;
  #count = 0;

  constructor(options: RateWindowOptions) {
    this.#limit = options.limit;
    this.#windowMs = options.windowMs / options.factor;
    this.#now = options.now;
    this.#times = new Float64Array(options.limit);
  }

  take(): Allowance {
    const now = this.#now();
    this.#forgetBefore(now - this.#windowMs);
    if (this.#count >= this.#limit) {
      return { allowed: false, limit: this.#limit, remaining: 0, retryAfterMs: this.#oldest() + this.#windowMs - now };
    }
    this.#times[(this.#first + this.#count) % this.#limit] = now;
    this.#count += 1;
    return { allowed: true, limit: this.#limit, remaining: this.#limit - this.#count, retryAfterMs: 0 };
  }

  #forgetBefore(time: number): void {
    while (this.#count > 0 && this.#oldest() <= time) {
      this.#first = (this.#first + 1) % this.#limit;
      this.#count -= 1;
    }
  }

  #oldest(): number {
    return this.#times[this.#first] ?? 0;
  }
}

/** A burst of up to `limit` requests that refills evenly over `windowMs`. */
export class TokenBucket {
  readonly #limit: number;
  readonly #msPerToken: number;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  constructor(options: RateWindowOptions) {
    this.#limit = options.limit;
    this.#msPerToken = options.windowMs / options.factor / options.limit;
    this.#now = options.now;
    this.#tokens = options.limit;
    this.#filledAt = options.now();
  }

  take(): Allowance {
    const now = this.#now();
    this.#tokens = Math.min(this.#limit, this.#tokens + (now - this.#filledAt) / this.#msPerToken);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      return { allowed: false, limit: this.#limit, remaining: 0, retryAfterMs: (1 - this.#tokens) * this.#msPerToken };
    }
    this.#tokens -= 1;
    return { allowed: true, limit: this.#limit, remaining: Math.floor(this.#tokens), retryAfterMs: 0 };
  }
}
