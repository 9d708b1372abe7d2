import type { PoolClient } from '@pipeline/postgres';
import { registeredTable } from './registered-table.ts';

/** See {@link Warehouse.analyzeNew}. */
export async function analyzeNew(
  client: PoolClient,
  { databaseSchema, stream }: { databaseSchema: string; stream: string },
): Promise<void> {
  const table = await registeredTable(client, databaseSchema, stream);
  if (table === undefined) return;
  // -1 until somebody has counted.
  const { rowCount } = await client.query('select from pg_class where oid = to_regclass($1) and reltuples < 0', [
    table.name,
  ]);
  if (rowCount === 1) await client.query(`analyze ${table.name}`);
}
