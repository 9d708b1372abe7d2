import type { Queryable } from '@pipeline/postgres';
import * as statements from './rate-limits.sql.ts';

/** The row that holds an owner's pause; no limit has this name. */
const PAUSE = '*';

/** A token bucket that all replicas of a tap share. */
export interface SharedBucket {
  /** The account or the connection whose requests are counted. */
  owner: string;
  name: string;
  /** Tokens. */
  capacity: number;
  tokensPerMs: number;
}

/** Names a bucket among all of them. */
export function bucketKey({ owner, name }: Pick<SharedBucket, 'owner' | 'name'>): string {
  return `${owner}/${name}`;
}

/** Takes a token of each bucket, by the database's clock. Returns the tokens left by key, below zero when the request has to wait, and how long the
 *  pause of `owner` lasts, in milliseconds. */
export async function reserveRequest(
  db: Queryable,
  owner: string,
  buckets: readonly SharedBucket[],
): Promise<{ pauseMs: number; tokens: Map<string, number> }> {
  const balances = await statements.reserveTokens.all(db, {
    owners: buckets.map((bucket) => bucket.owner),
    names: buckets.map(({ name }) => name),
    capacities: buckets.map(({ capacity }) => capacity),
    tokensPerMs: buckets.map(({ tokensPerMs }) => tokensPerMs),
    keys: buckets.map(bucketKey),
    owner,
    pause: PAUSE,
  });
  const tokens = new Map(balances.filter(({ name }) => name !== PAUSE).map((row) => [bucketKey(row), row.tokens]));
  return { pauseMs: Math.max(0, ...balances.map(({ paused_ms }) => paused_ms ?? 0)), tokens };
}

/** The source says that no more than so many requests are left. */
export async function lowerBucket(db: Queryable, bucket: SharedBucket, remaining: number): Promise<void> {
  const { owner, name, tokensPerMs } = bucket;
  await statements.lowerTokens.run(db, { owner, name, remaining, tokensPerMs });
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

/** Makes the places that {@link takeSlot} takes. */
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

/** Releases a slot that {@link takeSlot} returned; one that was taken by somebody else since then stays. */
export async function freeSlot(db: Queryable, source: string, { name, until }: Slot): Promise<void> {
  await statements.freeSlot.run(db, { source, name, until });
}
