import {
  bucketKey,
  createSlots,
  freeSlot,
  lowerBucket,
  pauseSource,
  reserveRequest,
  type SharedBucket,
  takeSlot,
} from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { AdaptiveShare } from '../http/adaptive-share.ts';
import {
  bucketOf,
  type Counter,
  type CounterLevel,
  longestWait,
  type RateLimiter,
  type Turn,
} from '../http/rate-limiter.ts';
import type { Timing } from '../http/timing.ts';
import { withPatience } from './patience.ts';

/** A place in flight frees itself after this long. Longer than any request takes, so only a dead replica's place does. */
const SLOT_LEASE_SECONDS = 150;
const SLOT_POLL_MS = 100;

export interface SharedRateLimiterOptions {
  pool: Pool;
  source: string;
  /** Counts for what belongs to no account. */
  connection: string;
  factor: number;
  timing: Timing;
  logger: Logger;
  signal: AbortSignal;
}

/** Limits that all replicas of a tap share, in `pipeline.rate_limits`, by the database's clock. While the database is away no
 *  request goes out; a statement whose response was lost is repeated, which at worst wastes an allowance. */
export class SharedRateLimiter implements RateLimiter {
  readonly #options: SharedRateLimiterOptions;
  readonly #share: AdaptiveShare;
  /** Tokens of each bucket as this replica saw them last. */
  readonly #known = new Map<string, number>();

  constructor(options: SharedRateLimiterOptions) {
    this.#options = options;
    this.#share = new AdaptiveShare({ factor: options.factor, now: options.timing.now });
  }

  async reserve(counters: Counter[], account?: string): Promise<Turn> {
    const { pool } = this.#options;
    const buckets = counters.map((counter) => this.#bucket(counter));
    const owner = this.#owner(account);
    const { pauseMs, tokens } = await this.#patiently(() => reserveRequest(pool, owner, buckets));
    for (const [key, left] of tokens) this.#known.set(key, left);
    const waits = buckets.map((bucket): [string, number] => {
      return [bucket.name, -(tokens.get(bucketKey(bucket)) ?? 0) / bucket.tokensPerMs];
    });
    return longestWait(waits, pauseMs);
  }

  async follow(levels: CounterLevel[]): Promise<void> {
    for (const { counter, remaining } of levels) {
      const bucket = this.#bucket(counter);
      // As a rule the source counts as this does: then there is nothing to write.
      if (remaining >= (this.#known.get(bucketKey(bucket)) ?? Number.POSITIVE_INFINITY)) continue;
      this.#known.set(bucketKey(bucket), remaining);
      await this.#patiently(() => lowerBucket(this.#options.pool, bucket, remaining));
    }
  }

  slowDown(): void {
    this.#share.lower();
  }

  async pause(ms: number, account?: string): Promise<void> {
    await this.#patiently(() => pauseSource(this.#options.pool, this.#owner(account), ms));
  }

  async enter(slots: number, signal: AbortSignal, account?: string): Promise<() => Promise<void>> {
    const { pool, timing } = this.#options;
    const owner = this.#owner(account);
    const names = Array.from({ length: slots }, (_, index) => `slot/${index + 1}`);
    await this.#patiently(() => createSlots(pool, owner, names));
    for (;;) {
      const slot = await this.#patiently(() => takeSlot(pool, owner, { names, leaseSeconds: SLOT_LEASE_SECONDS }));
      if (slot !== undefined) return () => this.#patiently(() => freeSlot(pool, owner, slot));
      await timing.sleep(SLOT_POLL_MS * (0.5 + timing.random()), signal);
    }
  }

  /** Counters of an account are the same for every connection to it. */
  #owner(account: string | undefined): string {
    const { source, connection } = this.#options;
    return account === undefined ? connection : `${source}/${account}`;
  }

  #bucket(counter: Counter): SharedBucket {
    const { name, account } = counter;
    return { owner: this.#owner(account), name, ...bucketOf(counter, this.#share.factorOf(counter)) };
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    const { logger, signal } = this.#options;
    return withPatience(work, { logger, signal });
  }
}
