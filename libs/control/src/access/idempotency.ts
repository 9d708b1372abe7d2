import type { Queryable } from '@pipeline/postgres';
import * as statements from './idempotency.sql.ts';

export interface KeptResponse {
  /** Null: the first request is still under way. */
  status: number | null;
  body: unknown;
  /** The same key came with another request. */
  isOther: boolean;
}

/** Takes an Idempotency-Key for a request. Undefined: it is the first of its key and may act; else what the first came to. */
export async function takeIdempotencyKey(
  db: Queryable,
  key: Buffer,
  request: Buffer,
): Promise<KeptResponse | undefined> {
  if ((await statements.insertKey.run(db, { key, request })) === 1) return undefined;
  return statements.selectResponse.first(db, { key, request });
}

/** Keeps what the request came to, for repetitions. */
export async function keepResponse(db: Queryable, key: Buffer, status: number, body: unknown): Promise<void> {
  await statements.updateResponse.run(db, { key, status, body: JSON.stringify(body) });
}

/** Releases a key because nothing was done under it. */
export async function releaseIdempotencyKey(db: Queryable, key: Buffer): Promise<void> {
  await statements.deleteOpenKey.run(db, { key });
}
