import type { Logger } from '@pipeline/contracts';
import { createSlots, freeSlot, pauseSource, reserveRequest, takeSlot } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { bucketOf, type RateLimiter } from '../http/rate-limiter.ts';
import type { Timing } from '../http/timing.ts';
import type { RateLimit } from '../http-policy.ts';
import { withPatience } from './patience.ts';

/** A place in flight frees itself after this long. Longer than any request takes, so only a dead replica's place does. */
const SLOT_LEASE_SECONDS = 150;
const SLOT_POLL_MS = 100;

/** Limits that all replicas of a tap share, in `pipeline.rate_limits`, by the database's clock. While the database is away no
 *  request goes out; a statement whose answer was lost is repeated, which at worst wastes an allowance. */
export class SharedRateLimiter implements RateLimiter {
  readonly #pool: Pool;
  readonly #source: string;
  readonly #factor: number;
  readonly #timing: Timing;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;

  constructor(options: {
    pool: Pool;
    source: string;
    factor: number;
    timing: Timing;
    logger: Logger;
    signal: AbortSignal;
  }) {
    this.#pool = options.pool;
    this.#source = options.source;
    this.#factor = options.factor;
    this.#timing = options.timing;
    this.#logger = options.logger;
    this.#signal = options.signal;
  }

  async reserve(limits: RateLimit[]): Promise<number> {
    const buckets = new Map(limits.map((limit) => [limit.name, bucketOf(limit, this.#factor)]));
    return this.#patiently(() => reserveRequest(this.#pool, this.#source, buckets));
  }

  async pause(ms: number): Promise<void> {
    await this.#patiently(() => pauseSource(this.#pool, this.#source, ms));
  }

  async enter(slots: number, signal: AbortSignal): Promise<() => Promise<void>> {
    const names = Array.from({ length: slots }, (_, index) => `slot/${index + 1}`);
    await this.#patiently(() => createSlots(this.#pool, this.#source, names));
    for (;;) {
      const slot = await this.#patiently(() =>
        takeSlot(this.#pool, this.#source, { names, leaseSeconds: SLOT_LEASE_SECONDS }),
      );
      if (slot !== undefined) return () => this.#patiently(() => freeSlot(this.#pool, this.#source, slot));
      await this.#timing.sleep(SLOT_POLL_MS * (0.5 + this.#timing.random()), signal);
    }
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    return withPatience(work, { logger: this.#logger, signal: this.#signal });
  }
}
