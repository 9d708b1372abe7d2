import { join } from 'node:path';
import { createPool, inTransaction, migrate, type Pool } from '@pipeline/postgres';
import type { Json, JsonSchema, SchemaMessage } from '@pipeline/singer';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { createWarehouse, type Warehouse, type WarehouseOptions, type WriteResult } from '../../src/index.ts';

export const DATABASE_SCHEMA = 'source';

/** A database with the registry, empty otherwise. */
export function createWarehouseDatabase(): Promise<TestDatabase> {
  return createTestDatabase({
    name: 'warehouse',
    prepare: (pool) => migrate(pool, join(import.meta.dirname, '..', '..', '..', 'control', 'migrations')),
  });
}

export type Properties = Record<string, JsonSchema>;

export function schemaOf(stream: string, properties: Properties, keys = ['id']): SchemaMessage {
  return { type: 'SCHEMA', stream, schema: { type: 'object', properties }, key_properties: keys };
}

export function recordLine(stream: string, record: Record<string, Json>): string {
  return JSON.stringify({ type: 'RECORD', stream, record });
}

/** A loader: its own connections, its own idea of the tables. */
export interface Loader {
  pool: Pool;
  warehouse: Warehouse;
  /** Loads one batch in a transaction of its own, as often as the database asks for it. */
  load(schema: SchemaMessage, records: Record<string, Json>[], sequence: bigint): Promise<WriteResult>;
  loadLines(schema: SchemaMessage, lines: string[], sequence: bigint): Promise<WriteResult>;
  close(): Promise<void>;
}

export function createLoader(database: TestDatabase, options: Omit<WarehouseOptions, 'pool'> = {}): Loader {
  const pool = createPool({ ...database.options, poolSize: 4 });
  const warehouse = createWarehouse({ pool, ...options });
  const loadLines: Loader['loadLines'] = async (schema, lines, sequence) => {
    const table = await warehouse.prepare(schema, { databaseSchema: DATABASE_SCHEMA });
    const batch = { sequence, receivedAt: new Date() };
    return inTransaction(pool, (client) => warehouse.write(client, table, Buffer.from(lines.join('\n')), batch));
  };
  return {
    pool,
    warehouse,
    loadLines,
    load: (schema, records, sequence) =>
      loadLines(
        schema,
        records.map((record) => recordLine(schema.stream, record)),
        sequence,
      ),
    close: () => pool.end(),
  };
}

/** For each test a database and a loader of its own. */
export function useLoader(): { readonly database: TestDatabase; readonly loader: Loader } {
  let database: TestDatabase | undefined;
  let loader: Loader | undefined;
  beforeEach(async () => {
    database = await createWarehouseDatabase();
    loader = createLoader(database);
  });
  afterEach(async () => {
    await loader?.close();
    await database?.drop();
  });
  const opened = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('there is one only within a test');
    return value;
  };
  return {
    get database() {
      return opened(database);
    },
    get loader() {
      return opened(loader);
    },
  };
}

/** All rows of a table as text, by their key. */
export async function readRows(pool: Pool, table: string, columns: string[]): Promise<Record<string, string | null>[]> {
  const list = columns.map((column) => `${column}::text`).join(', ');
  const { rows } = await pool.query<Record<string, string | null>>(
    `select ${list} from ${DATABASE_SCHEMA}.${table} order by 1`,
  );
  return rows;
}
