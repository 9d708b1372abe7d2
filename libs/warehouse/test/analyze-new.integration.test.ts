import { inTransaction } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import { createLoader, createWarehouseDatabase, DATABASE_SCHEMA, type Loader, schemaOf } from './support/loading.ts';

const deals = schemaOf('deals', { id: { type: 'integer' } });

let database: TestDatabase;
let loader: Loader;
beforeEach(async () => {
  database = await createWarehouseDatabase();
  loader = createLoader(database);
});
afterEach(async () => {
  await loader?.close();
  await database?.drop();
});

const analyze = () =>
  inTransaction(loader.pool, (client) =>
    loader.warehouse.analyzeNew(client, { databaseSchema: DATABASE_SCHEMA, stream: 'deals' }),
  );
const knownRows = async () => {
  const { rows } = await database.pool.query<{ rows: number }>(
    `select reltuples::int as rows from pg_class where oid = 'source.deals'::regclass`,
  );
  return rows[0]?.rows;
};

test('PostgreSQL learns how many rows a new table has, once', async () => {
  await loader.load(deals, [{ id: 1 }, { id: 2 }], 1n);
  await database.pool.query('alter table source.deals set (autovacuum_enabled = false)');
  expect(await knownRows()).toBe(-1);
  await analyze();
  expect(await knownRows()).toBe(2);
  await loader.load(deals, [{ id: 3 }], 2n);
  await analyze();
  expect(await knownRows()).toBe(2);
});

test('a stream without a table is left alone', async () => {
  await expect(analyze()).resolves.toBeUndefined();
});
