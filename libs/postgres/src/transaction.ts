import type { Pool, PoolClient } from './pool.ts';
import { beginStatement } from './session.ts';

/** Runs `work` in one transaction. Whatever goes wrong, also a lost response to COMMIT, is thrown and the connection is
 *  given up: after a lost response only the database knows whether the work is there, so `work` must be repeatable. */
export function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return withClient(pool, async (client) => {
    await client.query(beginStatement(client));
    const result = await work(client);
    await client.query('commit');
    return result;
  });
}

/** Runs `work` on one connection, which is given up when it fails. */
export async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Between queries nobody listens: without this, a connection cut there would end the process.
  const onError = () => undefined;
  client.on('error', onError);
  let failed = true;
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.off('error', onError);
    client.release(failed);
  }
}
