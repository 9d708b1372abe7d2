import { type Pool, quoteIdent } from '@pipeline/postgres';
import { type Json, type JsonObject, parseJson } from '@pipeline/singer';
import { canonical } from './canonical.ts';

/** The rows of one stream that exist at the source, in the properties of the tap's stream. */
export interface Truth {
  source: string;
  stream: string;
  key: string[];
  rows: JsonObject[];
}

export interface Difference {
  source: string;
  stream: string;
  /** JSON of the key values. */
  key: string;
  problem: 'missing in the warehouse' | 'not at the source any more' | 'twice in the warehouse' | 'other value';
  property?: string;
  truth?: string;
  warehouse?: string;
}

export interface Comparison {
  rows: number;
  differences: Difference[];
}

/** Most differences that are collected for one stream: the count of rows says the rest. */
const DIFFERENCES_MAX = 50;

/** Compares the live rows of a stream's table with what exists at the source: the same keys, once each, and the same value in every property
 *  of the truth. Instants are compared as instants, numbers digit for digit without trailing zeros, a missing property as null. */
export async function compareStream(pool: Pool, truth: Truth): Promise<Comparison> {
  const differences: Difference[] = [];
  const add = (key: string, difference: Omit<Difference, 'source' | 'stream' | 'key'>) => {
    if (differences.length < DIFFERENCES_MAX) {
      differences.push({ source: truth.source, stream: truth.stream, key, ...difference });
    }
  };
  const loaded = new Map<string, JsonObject>();
  for (const row of await liveRows(pool, truth)) {
    const key = keyOf(truth, row);
    if (loaded.has(key)) add(key, { problem: 'twice in the warehouse' });
    loaded.set(key, row);
  }
  for (const expected of truth.rows) {
    const key = keyOf(truth, expected);
    const actual = loaded.get(key);
    loaded.delete(key);
    if (actual === undefined) add(key, { problem: 'missing in the warehouse' });
    else compareRow(expected, actual, (difference) => add(key, difference));
  }
  for (const key of loaded.keys()) add(key, { problem: 'not at the source any more' });
  return { rows: truth.rows.length, differences };
}

function compareRow(
  expected: JsonObject,
  actual: JsonObject,
  add: (difference: Omit<Difference, 'source' | 'stream' | 'key'>) => void,
): void {
  for (const [property, value] of Object.entries(expected)) {
    const truth = canonical(value);
    const warehouse = canonical(actual[property]);
    if (truth !== warehouse) add({ problem: 'other value', property, truth, warehouse });
  }
}

function keyOf(truth: Truth, row: JsonObject): string {
  return JSON.stringify(truth.key.map((property) => canonical(row[property])));
}

/** The rows of the table that are not marked as deleted, under the names of the stream's properties. */
async function liveRows(pool: Pool, truth: Truth): Promise<JsonObject[]> {
  const { rows: tables } = await pool.query<{ table_name: string; columns: Record<string, string> }>(
    `select t.table_name, jsonb_object_agg(c.property, c.column_name) as columns
     from pipeline.target_tables t join pipeline.target_columns c using (database_schema, stream)
     where t.database_schema = $1 and t.stream = $2 group by 1`,
    [truth.source, truth.stream],
  );
  const table = tables[0];
  if (table === undefined) return [];
  const { rows } = await pool.query<{ row: string }>(
    `select to_jsonb(t)::text as row from ${quoteIdent(truth.source)}.${quoteIdent(table.table_name)} t where _sdc_deleted_at is null`,
  );
  return rows.map(({ row }) => renamed(parseJson(row) as Record<string, Json>, table.columns));
}

function renamed(row: Record<string, Json>, columns: Record<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(columns).map(([property, column]) => [property, row[column]]));
}
