import { inTransaction } from '@pipeline/postgres';
import { DATABASE_SCHEMA, schemaOf, useLoader } from './support/loading.ts';

const deals = schemaOf('deals', { id: { type: 'integer' } });

const own = useLoader();

const analyze = () =>
  inTransaction(own.loader.pool, (client) =>
    own.loader.warehouse.analyzeNew(client, { databaseSchema: DATABASE_SCHEMA, stream: 'deals' }),
  );
const knownRows = async () => {
  const { rows } = await own.database.pool.query<{ rows: number }>(
    `select reltuples::int as rows from pg_class where oid = 'source.deals'::regclass`,
  );
  return rows[0]?.rows;
};

test('PostgreSQL learns how many rows a new table has, once', async () => {
  await own.loader.load(deals, [{ id: 1 }, { id: 2 }], 1n);
  await own.database.pool.query('alter table source.deals set (autovacuum_enabled = false)');
  expect(await knownRows()).toBe(-1);
  await analyze();
  expect(await knownRows()).toBe(2);
  await own.loader.load(deals, [{ id: 3 }], 2n);
  await analyze();
  expect(await knownRows()).toBe(2);
});

test('a stream without a table is left alone', async () => {
  await expect(analyze()).resolves.toBeUndefined();
});
