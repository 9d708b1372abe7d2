import type { RateLimit } from '../http-policy.ts';

/** What is left of the rate after a refusal. */
const SLOWER = 0.7;
const SHARE_MIN = 0.1;
/** From nothing to the whole rate. */
const RECOVERY_MS = 10 * 60_000;
/** Requests that were in flight together are refused together: that is one refusal. */
const SAME_REFUSAL_MS = 5_000;

/** The part of a documented rate that a source bears just now, found by its refusals (429): each takes a third of it, and it comes back within minutes.
 *  For sources that tell nothing of what is left and may refuse earlier than documented. Each process finds its own. */
export class AdaptiveShare {
  readonly #factor: number;
  readonly #now: () => number;
  #share = 1;
  #refusedAt = Number.NEGATIVE_INFINITY;

  /** @param options.factor multiplies every limit, for sandboxes */
  constructor(options: { factor: number; now: () => number }) {
    this.#factor = options.factor;
    this.#now = options.now;
  }

  /** Multiplies the allowance of a limit just now. Above 0. */
  factorOf({ isAdaptive = false }: Pick<RateLimit, 'isAdaptive'>): number {
    return this.#factor * (isAdaptive ? this.#get() : 1);
  }

  /** The source has refused a request. */
  lower(): void {
    if (this.#now() - this.#refusedAt < SAME_REFUSAL_MS) return;
    this.#share = Math.max(SHARE_MIN, this.#get() * SLOWER);
    this.#refusedAt = this.#now();
  }
  #get(): number {
    return this.#share === 1 ? 1 : Math.min(1, this.#share + (this.#now() - this.#refusedAt) / RECOVERY_MS);
  }
}
