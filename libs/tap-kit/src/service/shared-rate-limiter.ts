import type { Logger } from '@pipeline/contracts';
import type { Pool } from '@pipeline/postgres';
import { bucketOf, type RateLimiter } from '../http/rate-limiter.ts';
import type { Timing } from '../http/timing.ts';
import type { RateLimit } from '../http-policy.ts';
import { withPatience } from './patience.ts';

/** The row that holds the source's pause; no limit has this name. */
const PAUSE = '*';

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
    const { rows } = await this.#query<{ name: string; tokens: number; paused_ms: number | null }>(
      `with booked as (
         insert into pipeline.rate_limits as r (source, name, tokens)
         select $1, b.name, b.capacity - 1
         from unnest($2::text[], $3::float8[], $4::float8[]) as b (name, capacity, tokens_per_ms)
         order by b.name
         on conflict (source, name) do update set
           tokens = least(
             excluded.tokens + 1,
             r.tokens + extract(epoch from clock_timestamp() - r.updated_at) * 1000
               * ($4::float8[])[array_position($2::text[], r.name)]
           ) - 1,
           updated_at = clock_timestamp()
         returning name, tokens
       )
       select name, tokens, null::float8 as paused_ms from booked
       union all
       select name, 0, (extract(epoch from blocked_until - clock_timestamp()) * 1000)::float8
       from pipeline.rate_limits where source = $1 and name = $5`,
      [
        this.#source,
        [...buckets.keys()],
        [...buckets.values()].map((bucket) => bucket.capacity),
        [...buckets.values()].map((bucket) => bucket.tokensPerMs),
        PAUSE,
      ],
    );
    return Math.max(0, ...rows.map((row) => row.paused_ms ?? -row.tokens / (buckets.get(row.name)?.tokensPerMs ?? 1)));
  }

  async pause(ms: number): Promise<void> {
    await this.#query(
      `insert into pipeline.rate_limits as r (source, name, tokens, blocked_until)
       values ($1, $2, 0, clock_timestamp() + make_interval(secs => $3))
       on conflict (source, name) do update set blocked_until = greatest(r.blocked_until, excluded.blocked_until)`,
      [this.#source, PAUSE, ms / 1000],
    );
  }

  async enter(slots: number, signal: AbortSignal): Promise<() => Promise<void>> {
    const names = Array.from({ length: slots }, (_, index) => `slot/${index + 1}`);
    await this.#query(
      `insert into pipeline.rate_limits (source, name, tokens)
       select $1, name, 0 from unnest($2::text[]) as name order by name on conflict do nothing`,
      [this.#source, names],
    );
    for (;;) {
      const slot = await this.#takeSlot(names);
      if (slot !== undefined) return () => this.#leaveSlot(slot);
      await this.#timing.sleep(SLOT_POLL_MS * (0.5 + this.#timing.random()), signal);
    }
  }

  async #takeSlot(names: string[]): Promise<Slot | undefined> {
    const { rows } = await this.#query<Slot>(
      `update pipeline.rate_limits set blocked_until = clock_timestamp() + make_interval(secs => $3)
       where (source, name) = (
         select source, name from pipeline.rate_limits
         where source = $1 and name = any($2) and (blocked_until is null or blocked_until < clock_timestamp())
         limit 1 for update skip locked
       )
       returning name, blocked_until::text as until`,
      [this.#source, names, SLOT_LEASE_SECONDS],
    );
    return rows[0];
  }

  #query<Row extends object>(text: string, values: unknown[]): Promise<{ rows: Row[] }> {
    return withPatience(() => this.#pool.query<Row>(text, values), { logger: this.#logger, signal: this.#signal });
  }

  /** The lease's end is its name: a place that freed itself and was taken by another stays taken. */
  async #leaveSlot(slot: Slot): Promise<void> {
    await this.#query(
      `update pipeline.rate_limits set blocked_until = null
       where source = $1 and name = $2 and blocked_until = $3::timestamptz`,
      [this.#source, slot.name, slot.until],
    );
  }
}

interface Slot {
  name: string;
  until: string;
}
