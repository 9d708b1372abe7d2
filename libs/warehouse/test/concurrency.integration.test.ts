import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '@pipeline/testing';
import { createLoader, createWarehouseDatabase, type Loader, readRows, schemaOf } from './support/loading.ts';

const LOADERS = 6;
const string = { type: ['null', 'string'] as ('null' | 'string')[] };
const integer = { type: ['null', 'integer'] as ('null' | 'integer')[] };

let database: TestDatabase;
let loaders: Loader[];
beforeAll(async () => {
  database = await createWarehouseDatabase();
  // Every second one uses COPY, as for large batches.
  loaders = Array.from({ length: LOADERS }, (_, index) =>
    createLoader(database, index % 2 === 0 ? {} : { sentBytesMax: 0 }),
  );
});
afterAll(async () => {
  await Promise.all((loaders ?? []).map((loader) => loader.close()));
  await database?.drop();
});

test('loaders that create the schema and the table at the same time all get their rows in', async () => {
  const schema = schemaOf('first', { id: integer, v: string });
  await Promise.all(loaders.map((loader, index) => loader.load(schema, [{ id: index, v: 'x' }], 1n)));
  expect(await readRows(database.pool, 'first', ['id'])).toHaveLength(LOADERS);
});

test('streams that are cut to the same name at the same time get a table each', async () => {
  const streams = loaders.map((_, index) => `${'s'.repeat(80)}${index}`);
  await Promise.all(
    loaders.map((loader, index) => loader.load(schemaOf(streams[index] ?? '', { id: integer }), [{ id: index }], 1n)),
  );
  const { rows } = await database.pool.query<{ tables: string }>(
    'select count(distinct table_name) as tables from pipeline.target_tables where stream = any($1)',
    [streams],
  );
  expect(rows[0]?.tables).toBe(String(LOADERS));
});

test('columns added in opposite order by several loaders are all there, once', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `c${index}`);
  await Promise.all(
    loaders.map(async (loader, index) => {
      const order = index % 2 === 0 ? names : names.toReversed();
      for (const [step, name] of order.entries()) {
        const schema = schemaOf('columns', { id: integer, [name]: string });
        await loader.load(schema, [{ id: index * 100 + step, [name]: name }], 1n);
      }
    }),
  );
  const rows = await readRows(database.pool, 'columns', ['id', ...names]);
  expect(rows).toHaveLength(LOADERS * names.length);
  for (const row of rows) expect(names.filter((name) => row[name] === name)).toHaveLength(1);
});

test('fields that records bring at the same time widen the table once and lose nothing', async () => {
  const schema = schemaOf('found', { id: integer });
  await loaders[0]?.load(schema, [{ id: -1 }], 1n);
  const results = await Promise.all(
    loaders.map((loader, index) => loader.load(schema, [{ id: index, surprise: `of ${index}` }], 1n)),
  );
  expect(results.flatMap((result) => result.rejected)).toEqual([]);
  const rows = await readRows(database.pool, 'found', ['id', 'surprise']);
  expect(rows.filter((row) => row['surprise'] === `of ${row['id']}`)).toHaveLength(LOADERS);
});

test('upserts of the same keys in different order neither deadlock nor lose the newest', async () => {
  const schema = schemaOf('hot', { id: string, v: integer }, ['id']);
  const keys = Array.from({ length: 500 }, (_, index) => `key ${index}`);
  const rounds = 15;
  await Promise.all(
    loaders.map(async (loader, index) => {
      for (let round = 0; round < rounds; round++) {
        const sequence = round * LOADERS + index;
        const order = keys.toSorted(
          (a, b) => ((a.length * 31 + Number(a.slice(4)) * (index + 2)) % 97) - (Number(b.slice(4)) % 89),
        );
        await loader.load(
          schema,
          order.map((id) => ({ id, v: sequence })),
          BigInt(sequence),
        );
      }
    }),
  );
  const rows = await readRows(database.pool, 'hot', ['id', 'v']);
  expect(rows).toHaveLength(keys.length);
  expect(new Set(rows.map((row) => row['v']))).toEqual(new Set([String(rounds * LOADERS - 1)]));
});

test('a reader that holds the table delays a wider column, it does not fail it', async () => {
  const [loader] = loaders;
  await loader?.load(schemaOf('read', { id: integer, v: integer }), [{ id: 1, v: 5 }], 1n);
  const reader = await database.pool.connect();
  await reader.query('begin; select * from source.read');
  const widened = loader?.load(schemaOf('read', { id: integer, v: string }), [{ id: 2, v: 'x' }], 2n);
  // Longer than the time-out for a lock, so the first attempt has to give up.
  await sleep(2_500);
  await reader.query('commit');
  reader.release();
  await widened;
  expect(await readRows(database.pool, 'read', ['id', 'v'])).toEqual([
    { id: '1', v: '5' },
    { id: '2', v: 'x' },
  ]);
});

test('a column that refused records takes them as soon as it is mended', async () => {
  const [loader] = loaders;
  const schema = schemaOf('mended', { id: integer, v: string });
  const load = (id: number) => loader?.load(schema, [{ id, v: `value ${id}` }], BigInt(id));
  await load(1);
  await database.pool.query('alter table source.mended alter column v type integer using null');
  expect((await load(2))?.rejected).toHaveLength(1);
  await database.pool.query('alter table source.mended alter column v type text');
  expect((await load(3))?.rejected).toEqual([]);
  expect((await readRows(database.pool, 'mended', ['id', 'v'])).at(-1)).toEqual({ id: '3', v: 'value 3' });
});

describe('a table that somebody changed after it was described', () => {
  const schema = schemaOf('changed', { id: integer, v: integer });
  const load = (id: number) => loaders[0]?.load(schema, [{ id, v: id }], BigInt(id));

  test.each([
    ['is dropped', 'drop table source.changed'],
    ['lost a column', 'alter table source.changed drop column v'],
    ['has a wider type', 'alter table source.changed alter column v type jsonb using to_jsonb(v)'],
    ['lost its key', 'alter table source.changed drop constraint changed_pkey'],
  ])('takes the next batch when it %s', async (_, statement) => {
    await load(1);
    await database.pool.query(statement);
    const result = await load(2);
    expect(result?.rejected ?? []).toEqual([]);
    const rows = await readRows(database.pool, 'changed', ['id', 'v']);
    expect(rows.at(-1)).toEqual({ id: '2', v: '2' });
    await database.pool.query(`drop table source.changed; delete from pipeline.target_tables where stream = 'changed'`);
  });
});
