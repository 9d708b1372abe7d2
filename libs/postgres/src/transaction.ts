import type { Pool, PoolClient } from './pool.ts';
import { beginStatement } from './session.ts';

/** Runs `work` in one transaction. Whatever goes wrong, also a lost response to COMMIT, is thrown and the connection is
 *  given up: after a lost response only the database knows whether the work is there, so `work` must be repeatable. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Between queries nobody listens: without this, a connection cut there would end the process.
  const onError = () => undefined;
  client.on('error', onError);
  let failed = true;
  try {
    await client.query(beginStatement(client));
    const result = await work(client);
    await client.query('commit');
    failed = false;
    return result;
  } finally {
    client.off('error', onError);
    client.release(failed);
  }
}
