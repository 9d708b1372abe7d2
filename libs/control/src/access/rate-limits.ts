import type { Queryable } from '@pipeline/postgres';
import * as statements from './rate-limits.sql.ts';

/** The row that holds the source's pause; no limit has this name. */
const PAUSE = '*';

/** A token bucket that all replicas of a tap share. */
export interface Bucket {
  /** Tokens. */
  capacity: number;
  tokensPerMs: number;
}

/** Takes a token of each bucket, by the database's clock. Returns the milliseconds to wait before the request may go out. */
export async function reserveRequest(db: Queryable, source: string, buckets: Map<string, Bucket>): Promise<number> {
  const shapes = [...buckets.values()];
  const balances = await statements.reserveTokens.all(db, {
    source,
    names: [...buckets.keys()],
    capacities: shapes.map(({ capacity }) => capacity),
    tokensPerMs: shapes.map(({ tokensPerMs }) => tokensPerMs),
    pause: PAUSE,
  });
  const waits = balances.map(
    ({ name, tokens, paused_ms }) => paused_ms ?? -tokens / (buckets.get(name)?.tokensPerMs ?? 1),
  );
  return Math.max(0, ...waits);
}

/** Holds every request to the source back for so long; a longer pause stays. */
export async function pauseSource(db: Queryable, source: string, ms: number): Promise<void> {
  await statements.upsertPause.run(db, { source, pause: PAUSE, seconds: ms / 1000 });
}

/** A place among the requests in flight. */
export interface Slot {
  name: string;
  /** The end of its lease, as PostgreSQL spells it: a place that freed itself and was taken by another has another. */
  until: string;
}

/** Makes the places that {@link takeSlot} gives out. */
export async function createSlots(db: Queryable, source: string, names: string[]): Promise<void> {
  await statements.insertSlots.run(db, { source, names });
}

/** Undefined: all places are taken. A place frees itself after `leaseSeconds`. */
export function takeSlot(
  db: Queryable,
  source: string,
  { names, leaseSeconds }: { names: string[]; leaseSeconds: number },
): Promise<Slot | undefined> {
  return statements.takeSlot.first(db, { source, names, leaseSeconds });
}

export async function freeSlot(db: Queryable, source: string, { name, until }: Slot): Promise<void> {
  await statements.freeSlot.run(db, { source, name, until });
}
