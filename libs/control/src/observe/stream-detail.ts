import { type Pool, type Queryable, quoteIdent } from '@pipeline/postgres';
import type { Column, SchemaChange, StoredState, StreamRead } from '@pipeline/protocol/api';
import type { z } from 'zod';
import { inReadOnly } from './read-only.ts';
import * as statements from './stream-detail.sql.ts';

/** Tables below this many rows are counted exactly. */
export const COUNTED_ROWS_MAX = 100_000;
const CELL_CHARACTERS_MAX = 200;

/** Where a stream's rows are. */
export interface Table {
  databaseSchema: string;
  tableName: string;
}

/** The table that holds a stream, with its key. Undefined: nothing was loaded yet. */
export async function tableOfStream(
  db: Queryable,
  schema: string,
  stream: string,
): Promise<(Table & { keyColumns: string[] }) | undefined> {
  return statements.selectTable.first(db, { schema, stream });
}

const nameOf = ({ databaseSchema, tableName }: Table) => `${quoteIdent(databaseSchema)}.${quoteIdent(tableName)}`;

/** Rows of a table, exact when there are few, and those that are marked as deleted. Undefined: it takes too long to count. */
export async function countRows(
  db: Queryable,
  table: Table,
  estimate: number,
): Promise<{ rows: number; deleted: number } | undefined> {
  if (estimate > COUNTED_ROWS_MAX) return undefined;
  const { rows } = await db.query<{ rows: number; deleted: number }>(
    `select (count(*) filter (where _sdc_deleted_at is null))::float8 as rows,
            (count(*) filter (where _sdc_deleted_at is not null))::float8 as deleted from ${nameOf(table)}`,
  );
  return rows[0];
}

/** Rows that are not marked as deleted, table by table, in one statement. */
export async function countRowsOf(db: Queryable, tables: Table[]): Promise<number[]> {
  if (tables.length === 0) return [];
  const counts = tables.map((table) => `(select count(*) from ${nameOf(table)} where _sdc_deleted_at is null)`);
  const { rows } = await db.query<{ counts: string[] }>(`select array[${counts.join(', ')}]::text[] as counts`);
  return rows[0]?.counts.map(Number) ?? [];
}

/** The newest reads of a stream. */
export async function listReads(
  db: Queryable,
  stream: { pipeline: string; root: string; stream: string },
): Promise<z.infer<typeof StreamRead>[]> {
  return statements.selectReads.all(db, stream);
}

/** Columns of a stream's table with their checks and history. */
export async function listColumns(db: Queryable, table: Table, stream: string): Promise<z.infer<typeof Column>[]> {
  return statements.selectColumns.all(db, { ...table, stream });
}

/** Changes of tables, newest first; of one stream, or of all. */
export async function listSchemaChanges(
  db: Queryable,
  filter: { schema: string | null; stream: string | null; before: string | null; limit: number },
): Promise<SchemaChange[]> {
  return statements.selectSchemaChanges.all(db, filter);
}

/** Bookmarks of a stream, newest first. */
export async function listStates(
  db: Queryable,
  filter: { pipeline: string; stream: string; before: string | null; limit: number },
): Promise<z.infer<typeof StoredState>[]> {
  return statements.selectStates.all(db, filter);
}

/** Newest rows as text, in a transaction that can change nothing and ends by itself. @throws what PostgreSQL throws, 57014 when it takes too long */
export async function previewRows(
  pool: Pool,
  table: Table,
  limit: number,
): Promise<{ columns: string[]; rows: (string | null)[][] }> {
  return readOnly(pool, `select * from ${nameOf(table)} order by _sdc_sequence desc limit ${limit}`);
}

/** Runs a query that a person may only read with: no writes, five seconds, texts cut. */
export async function readOnly(pool: Pool, query: string): Promise<{ columns: string[]; rows: (string | null)[][] }> {
  return inReadOnly(pool, async (client) => {
    const { fields } = await client.query({ text: `select * from (${query}) preview limit 0`, rowMode: 'array' });
    const columns = fields.map(({ name }) => name);
    const cells = columns.map((name) => `left(${quoteIdent(name)}::text, ${CELL_CHARACTERS_MAX})`);
    const text = `select ${cells.join(', ')} from (${query}) preview`;
    const { rows } = await client.query<(string | null)[]>({ text, rowMode: 'array' });
    return { columns, rows };
  });
}
