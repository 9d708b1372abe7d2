import type { TestDatabase } from '@pipeline/testing';
import { createLoader, createWarehouseDatabase, type Loader, schemaOf } from './support/loading.ts';

/** Every second one has a key, and so more of them than a session keeps temporary tables. */
const STREAMS = 20;
const ROUNDS = 5;

describe('small batches of many streams in turn', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createWarehouseDatabase();
  });
  afterAll(() => database?.drop());

  const schemas = Array.from({ length: STREAMS }, (_, n) =>
    schemaOf(`stream_${n}`, { id: { type: 'integer' }, v: { type: 'string' } }, n % 2 === 0 ? ['id'] : []),
  );
  let sequence = 0n;
  const load = async (loader: Loader) => {
    for (const schema of schemas)
      await loader.load(
        schema,
        [
          { id: 1, v: 'x' },
          { id: 2, v: 'y', _sdc_deleted_at: '2024-01-01' },
        ],
        ++sequence,
      );
  };

  /** Temporary tables after a round, and those that came in the rounds that followed. */
  const temporaryTables = async (sentBytesMax?: number): Promise<{ first: number; later: number }> => {
    const loader = createLoader(database, sentBytesMax === undefined ? {} : { sentBytesMax });
    const list = async () => {
      const { rows } = await database.pool.query<{ oid: number }>(
        `select oid from pg_class where relpersistence = 't'`,
      );
      return rows.map(({ oid }) => oid);
    };
    try {
      await load(loader);
      const before = await list();
      for (let round = 0; round < ROUNDS; round++) await load(loader);
      return { first: before.length, later: (await list()).filter((oid) => !before.includes(oid)).length };
    } finally {
      await loader.close();
    }
  };

  it('leave nothing in the catalog', async () => {
    expect(await temporaryTables()).toEqual({ first: 0, later: 0 });
  });

  it('would fill it with temporary tables that come and go (mutation)', async () => {
    const { first, later } = await temporaryTables(0);
    expect(Math.min(first, later)).toBeGreaterThan(0);
  });
});
