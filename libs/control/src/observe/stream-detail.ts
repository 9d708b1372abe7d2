import type { Column, SchemaChange, StoredState, StreamRead } from '@pipeline/contracts/api';
import { type Pool, type Queryable, quoteIdent } from '@pipeline/postgres';
import type { z } from 'zod';
import { iso } from './instant.ts';
import { inReadOnly } from './read-only.ts';

/** Tables below this many rows are counted exactly. */
export const COUNTED_ROWS_MAX = 100_000;
const READS_SHOWN = 20;
const CELL_CHARACTERS_MAX = 200;

/** Where a stream's rows are. */
export interface Table {
  databaseSchema: string;
  tableName: string;
}

export async function tableOfStream(
  db: Queryable,
  schema: string,
  stream: string,
): Promise<(Table & { keyColumns: string[] }) | undefined> {
  const { rows } = await db.query<Table & { keyColumns: string[] }>(
    `select database_schema as "databaseSchema", table_name as "tableName", key_columns as "keyColumns"
     from pipeline.target_tables where database_schema = $1 and stream = $2`,
    [schema, stream],
  );
  return rows[0];
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
  const { rows } = await db.query<z.infer<typeof StreamRead>>(
    `select k.run_id as "runId", a.epoch::text, coalesce(a.outcome, 'live') as state, ${iso('a.started_at')} as "startedAt",
            ${iso('a.finished_at')} as "finishedAt", extract(epoch from a.finished_at - a.started_at)::float8 as seconds,
            l.rows::float8, l.rejected::float8, case when a.stream = $3 then a.deleted else 0 end::float8 as deleted, l.bytes::float8,
            a.full_read as "isFull", a.error
     from (select * from pipeline.attempts where pipeline = $1 and stream = $2 order by finished_at desc limit ${READS_SHOWN}) a
     join pipeline.tasks k on k.id = a.task_id
     cross join lateral (select coalesce(sum(rows), 0) as rows, coalesce(sum(rejected), 0) as rejected, coalesce(sum(bytes), 0) as bytes
                         from pipeline.ledger where epoch = a.epoch and stream = $3) l
     order by a.epoch desc`,
    [stream.pipeline, stream.root, stream.stream],
  );
  return rows;
}

/** Columns of a stream's table with their checks and history. */
export async function listColumns(db: Queryable, table: Table, stream: string): Promise<z.infer<typeof Column>[]> {
  const { rows } = await db.query<z.infer<typeof Column>>(
    `select x.attname as name, format_type(x.atttypid, x.atttypmod) as type, k.property, not x.attnotnull as "isNullable",
            coalesce(x.attname = any(t.key_columns), false) as "isKey", ${iso('k.created_at')} as since,
            (select coalesce(json_agg(json_build_object('at', ${iso('h.at')}, 'change', h.change, 'fromType', h.from_type, 'toType', h.to_type) order by h.id desc), '[]')
             from pipeline.schema_changes h where h.database_schema = $1 and h.stream = $3 and h.column_name = x.attname) as changes,
            (select coalesce(json_agg(json_build_object('name', q.conname, 'definition', pg_get_constraintdef(q.oid)) order by q.conname), '[]')
             from pg_constraint q where q.conrelid = x.attrelid and q.contype = 'c' and x.attnum = any(q.conkey)) as checks,
            col_description(x.attrelid, x.attnum) as comment
     from pg_attribute x
     left join pipeline.target_columns k on k.database_schema = $1 and k.stream = $3 and k.column_name = x.attname
     left join pipeline.target_tables t on t.database_schema = $1 and t.stream = $3
     where x.attrelid = to_regclass(format('%I.%I', $1::text, $2::text)) and x.attnum > 0 and not x.attisdropped order by x.attnum`,
    [table.databaseSchema, table.tableName, stream],
  );
  return rows;
}

const CHANGE = `h.id::text, ${iso('h.at')} as at, coalesce((select min(p.connection) from pipeline.pipelines p
                           where pipeline.target_schema(p.name, h.stream, p.source) = h.database_schema), h.database_schema) as connection, h.stream, h.table_name as "table", h.column_name as "column",
                h.change, h.from_type as "fromType", h.to_type as "toType"`;

/** Changes of tables, newest first; of one stream, or of all. */
export async function listSchemaChanges(
  db: Queryable,
  filter: { schema: string | null; stream: string | null; before: string | null; limit: number },
): Promise<SchemaChange[]> {
  const { rows } = await db.query<SchemaChange>(
    `select ${CHANGE} from pipeline.schema_changes h
     where ($1::text is null or h.database_schema = $1) and ($2::text is null or h.stream = $2) and ($3::bigint is null or h.id < $3)
     order by h.id desc limit $4`,
    [filter.schema, filter.stream, filter.before, filter.limit],
  );
  return rows;
}

/** Bookmarks of a stream, newest first. */
export async function listStates(
  db: Queryable,
  filter: { pipeline: string; stream: string; before: string | null; limit: number },
): Promise<z.infer<typeof StoredState>[]> {
  const { rows } = await db.query<z.infer<typeof StoredState>>(
    `select s.id::text, s.value::text, s.is_current as "isCurrent", s.set_by as "setBy", ${iso('s.applied_at')} as "appliedAt",
            k.run_id as "runId", s.epoch::text
     from pipeline.states s left join pipeline.attempts a on a.epoch = s.epoch left join pipeline.tasks k on k.id = a.task_id
     where s.pipeline = $1 and s.stream = $2 and ($3::bigint is null or s.id < $3) order by s.id desc limit $4`,
    [filter.pipeline, filter.stream, filter.before, filter.limit],
  );
  return rows;
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
