import type { PoolClient, Queryable } from '@pipeline/postgres';
import type { StreamPlace } from './registry.ts';
import * as statements from './table-identity.sql.ts';

/** A bookmark says that rows are in a table, so it holds only for the table as it was: remembers what the tables of these streams are now.
 *  A table that was found changed is taken as it is only when the attempt has read it in full.
 *  @param task whose bookmark it is; the Singer target has none. */
export async function measureTables(
  db: Queryable,
  tables: { databaseSchema: string; streams: string[] },
  task?: { pipeline: string; stream: string; epoch: string },
): Promise<void> {
  const { databaseSchema, streams } = tables;
  await statements.measureTables.run(db, {
    ...{ databaseSchema, streams },
    pipeline: task?.pipeline ?? null,
    taskStream: task?.stream ?? null,
    epoch: task?.epoch ?? null,
  });
}

/** Tables of a task that somebody has dropped, replaced, emptied or changed since its bookmark was right, each noted for the alert. With any of
 *  them the task has to be read in full. */
export async function noteChangedTables(
  client: PoolClient,
  { id: taskId, pipeline, stream: taskStream }: { id: string; pipeline: string; stream: string },
): Promise<boolean> {
  const changed = await statements.selectChangedTables.all(client, { pipeline, taskStream });
  for (const { database_schema: databaseSchema, stream, finding } of changed) {
    await statements.insertFinding.run(client, { databaseSchema, stream, finding, taskId });
  }
  return changed.length > 0;
}

/** What has become of one table since it was measured, in words. */
export async function findChange(db: Queryable, { databaseSchema, stream }: StreamPlace): Promise<string | undefined> {
  const row = await statements.selectFinding.first(db, { databaseSchema, stream });
  return row?.finding ?? undefined;
}

/** We ourselves have removed rows: nobody else's work. */
export async function noteRemovedRows(
  db: Queryable,
  { databaseSchema, stream }: StreamPlace,
  removed: number,
): Promise<void> {
  await statements.lowerRows.run(db, { databaseSchema, stream, removed });
}
