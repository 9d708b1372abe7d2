import { createPool, inTransaction, type Pool, type PoolClient, sqlstate } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import { createWarehouse } from '../src/index.ts';
import { withChangedStatements } from './support/changed-statements.ts';
import { createWarehouseDatabase, DATABASE_SCHEMA, recordLine, schemaOf } from './support/loading.ts';

const LOADERS = 5;
const ROUNDS = 12;
const KEYS = Array.from({ length: 400 }, (_, index) => `key ${index}`);
const DEADLOCK = '40P01';
const schema = schemaOf('hot', { id: { type: 'string' }, v: { type: 'integer' } });

describe('loaders that upsert the same keys, each in an order of its own', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await createWarehouseDatabase();
    // PostgreSQL looks for deadlocks this often.
    await database.pool.query(`alter database "${database.options.database}" set deadlock_timeout = '50ms'`);
    pool = createPool({ ...database.options, poolSize: LOADERS });
    // The keys are there, so every batch is an upsert.
    await load(createWarehouse({ pool }), KEYS, 0, (client) => client);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const load = async (
    warehouse: ReturnType<typeof createWarehouse>,
    keys: string[],
    sequence: number,
    seenBy: (client: PoolClient) => PoolClient,
  ) => {
    const table = await warehouse.prepare(schema, { databaseSchema: DATABASE_SCHEMA });
    const lines = Buffer.from(keys.map((id) => recordLine('hot', { id, v: sequence })).join('\n'));
    const batch = { sequence: BigInt(sequence), receivedAt: new Date() };
    return inTransaction(pool, (client) => warehouse.write(seenBy(client), table, lines, batch));
  };

  /** Deadlocks that PostgreSQL had to break until the first was seen, with every statement changed like this. The engine repeats what it loses, so
   *  none shows in the rows. */
  const deadlocks = async (change: (statement: string) => string): Promise<number> => {
    let count = 0;
    const observed = (client: PoolClient) =>
      withChangedStatements(client, change, (error) => {
        if (sqlstate(error) === DEADLOCK) count += 1;
      });
    await Promise.all(
      Array.from({ length: LOADERS }, async (_, loader) => {
        const warehouse = createWarehouse({ pool });
        const keys = rotated(loader % 2 === 0 ? KEYS : KEYS.toReversed(), loader * 67);
        for (let round = 1; round <= ROUNDS && count === 0; round += 1) {
          await load(warehouse, keys, round * LOADERS + loader, observed).catch((error: unknown) => {
            if (sqlstate(error) !== DEADLOCK) throw error;
          });
        }
      }),
    );
    return count;
  };

  test('never deadlock: the engine sorts them', async () => {
    expect(await deadlocks((statement) => statement)).toBe(0);
  });

  test('deadlock when the keys are not sorted (mutation)', async () => {
    expect(await deadlocks(unsorted)).toBeGreaterThan(0);
  }, 120_000);
});

function rotated<T>(items: T[], by: number): T[] {
  return [...items.slice(by), ...items.slice(0, by)];
}

/** The upsert as it would be without its order. */
function unsorted(statement: string): string {
  if (!statement.startsWith('insert into')) return statement;
  return statement.replace(/distinct on \([^)]*\) /, '').replace(/ order by [^)]*(?=\))/, '');
}
