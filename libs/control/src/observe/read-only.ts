import type { Pool, PoolClient } from '@pipeline/postgres';

/** What a person asks for may not hold the database longer than this, in milliseconds. */
const TIMEOUT_MS = 5_000;

/** Runs what a person may only read with: no writes, five seconds. @throws what PostgreSQL throws, 57014 when it takes too long */
export async function inReadOnly<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin read only');
    await client.query(`set local statement_timeout = ${TIMEOUT_MS}`);
    return await work(client);
  } finally {
    await client.query('rollback').catch(() => undefined);
    client.release();
  }
}
