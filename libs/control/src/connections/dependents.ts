import { type PoolClient, type Queryable, quoteIdent } from '@pipeline/postgres';

export interface DependentTable {
  stream: string;
  table: string;
  rows: number;
}

/** Tables of a schema that the loader made, with about how many rows. */
export async function listDependentTables(db: Queryable, schema: string): Promise<DependentTable[]> {
  const { rows } = await db.query<DependentTable>(
    `select t.stream, t.database_schema || '.' || t.table_name as "table", coalesce(x.n_live_tup, 0)::float8 as rows
     from pipeline.target_tables t
     left join pg_stat_user_tables x on x.schemaname = t.database_schema and x.relname = t.table_name
     where t.database_schema = $1 order by t.stream`,
    [schema],
  );
  return rows;
}

/** Drops the tables of these streams with the views on them, and forgets them. Returns those dropped. */
export async function dropTables(client: PoolClient, schema: string, streams: string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `delete from pipeline.target_tables where database_schema = $1 and stream = any($2) returning table_name as name`,
    [schema, streams],
  );
  for (const { name } of rows)
    await client.query(`drop table if exists ${quoteIdent(schema)}.${quoteIdent(name)} cascade`);
  return rows.map(({ name }) => name);
}

/** Makes the pipeline of a new connection known before its tap has told of its streams. */
export async function insertPipeline(
  client: PoolClient,
  pipeline: { name: string; source: string; schedule: object | null },
): Promise<void> {
  await client.query(
    `insert into pipeline.pipelines (name, source, streams, schedule, seen_at)
     values ($1, $2, '[]', $3, clock_timestamp() - interval '20 seconds')
     on conflict (name) do update set schedule = excluded.schedule`,
    [pipeline.name, pipeline.source, pipeline.schedule === null ? null : JSON.stringify(pipeline.schedule)],
  );
}
