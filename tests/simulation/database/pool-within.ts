import type { Pool, PoolClient } from '@pipeline/postgres';
import { standIn } from '../world/stand-in.ts';

/** A pool whose transactions are part of this client's. */
export function poolWithin(client: PoolClient): Pool {
  const query = async (text: string, values?: unknown[]) =>
    text === 'begin' || text === 'commit' ? { rows: [], rowCount: 0 } : client.query(text, values);
  const inner = { query, on: () => undefined, off: () => undefined, release: () => undefined };
  return standIn<Pool>({ query, connect: async () => inner });
}
