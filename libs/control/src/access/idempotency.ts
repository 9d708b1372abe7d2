import type { Queryable } from '@pipeline/postgres';

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
  const { rowCount } = await db.query(
    `insert into pipeline.idempotency_keys (key_sha256, request_sha256) values ($1, $2) on conflict do nothing`,
    [key, request],
  );
  if (rowCount === 1) return undefined;
  const { rows } = await db.query<KeptResponse>(
    `select status, body, request_sha256 <> $2 as "isOther" from pipeline.idempotency_keys where key_sha256 = $1`,
    [key, request],
  );
  return rows[0];
}

/** Keeps what the request came to, for repetitions. */
export async function keepResponse(db: Queryable, key: Buffer, status: number, body: unknown): Promise<void> {
  await db.query('update pipeline.idempotency_keys set status = $2, body = $3 where key_sha256 = $1', [
    key,
    status,
    JSON.stringify(body),
  ]);
}

/** Gives a key back because nothing was done under it. */
export async function releaseIdempotencyKey(db: Queryable, key: Buffer): Promise<void> {
  await db.query('delete from pipeline.idempotency_keys where key_sha256 = $1 and status is null', [key]);
}
