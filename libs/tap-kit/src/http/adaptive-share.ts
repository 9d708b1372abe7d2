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
  readonly #now: () => number;
  #share = 1;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Above 0, at most 1. */
  get(): number {
    return this.#share === 1 ? 1 : Math.min(1, this.#share + (this.#now() - this.#refusedAt) / RECOVERY_MS);
  }

  /** The source has refused a request. */
  lower(): void {
    if (this.#now() - this.#refusedAt < SAME_REFUSAL_MS) return;
    this.#share = Math.max(SHARE_MIN, this.get() * SLOWER);
    this.#refusedAt = this.#now();
  }
}
