import { isPooled, type PoolClient } from '@pipeline/postgres';
import type { Table } from '../table/table.ts';

/** Each commit empties every stage of the session, so a session keeps few. */
const STAGES_MAX = 8;

/** Temporary tables of each connection, oldest first. They live as long as it does: one per batch would bloat the catalog. */
const stages = new WeakMap<PoolClient, Set<string>>();

/** Makes sure that the session has the table's stage; behind a pooler, the transaction, for the next one may have another session. Outside any savepoint that may be rolled back. */
export async function ensureStage(client: PoolClient, table: Table): Promise<void> {
  if (isPooled(client)) {
    await client.query(table.sql.createStage('drop'));
    return;
  }
  const known = stages.get(client) ?? new Set();
  stages.set(client, known);
  const { stage } = table.sql;
  if (known.delete(stage)) {
    known.add(stage);
    return;
  }
  const [oldest] = known;
  if (known.size >= STAGES_MAX && oldest !== undefined) {
    await client.query(`drop table if exists ${oldest}`);
    known.delete(oldest);
  }
  await client.query(table.sql.createStage('delete rows'));
  known.add(stage);
}

/** A transaction that created a stage was rolled back: look again. */
export function forgetStages(client: PoolClient): void {
  stages.delete(client);
}
