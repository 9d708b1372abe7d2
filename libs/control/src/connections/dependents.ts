import { type PoolClient, type Queryable, quoteIdent, type RowOf } from '@pipeline/postgres';
import * as statements from './dependents.sql.ts';

export type DependentTable = RowOf<typeof statements.selectDependentTables>;

/** Tables of a schema that the loader made, with about how many rows. */
export async function listDependentTables(db: Queryable, schema: string): Promise<DependentTable[]> {
  return statements.selectDependentTables.all(db, { schema });
}

/** Drops the tables of these streams with the views on them, and forgets them. Returns those dropped. */
export async function dropTables(client: PoolClient, schema: string, streams: string[]): Promise<string[]> {
  const rows = await statements.deleteTargetTables.all(client, { schema, streams });
  for (const { name } of rows)
    await client.query(`drop table if exists ${quoteIdent(schema)}.${quoteIdent(name)} cascade`);
  return rows.map(({ name }) => name);
}

/** Makes the pipeline of a new connection known before its tap has told of its streams. */
export async function insertPipeline(
  client: PoolClient,
  pipeline: { name: string; source: string; schedule: object | null },
): Promise<void> {
  await statements.upsertPipeline.run(client, pipeline);
}
