import { inTransaction } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import { createWarehouse, TooManyRejected, type WriteResult } from '../src/index.ts';
import { createWarehouseDatabase, DATABASE_SCHEMA, recordLine, schemaOf } from './support/loading.ts';

const RECORDS = 2_000;
const ALLOWED = 100;

describe('a batch of which a trigger refuses every record', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createWarehouseDatabase();
    await database.pool.query(`
      create schema ${DATABASE_SCHEMA};
      create table ${DATABASE_SCHEMA}.refused (id bigint primary key);
      create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create trigger refuse before insert on ${DATABASE_SCHEMA}.refused for each row execute function refuse()`);
  });
  afterAll(() => database?.drop());

  const load = async (rejectedMax?: number): Promise<WriteResult> => {
    const warehouse = createWarehouse({ pool: database.pool });
    const schema = schemaOf('refused', { id: { type: 'integer' } });
    const table = await warehouse.prepare(schema, { databaseSchema: DATABASE_SCHEMA });
    const lines = Array.from({ length: RECORDS }, (_, id) => recordLine('refused', { id })).join('\n');
    const limit = rejectedMax === undefined ? {} : { rejectedMax: async () => rejectedMax };
    const batch = { sequence: 1n, receivedAt: new Date(), ...limit };
    return inTransaction(database.pool, (client) => warehouse.write(client, table, Buffer.from(lines), batch));
  };

  it('is left with the first record too many', async () => {
    const error = await load(ALLOWED).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(TooManyRejected);
    expect(error).toMatchObject({ code: 'TOO_MANY_REJECTED', rejected: { length: ALLOWED + 1 } });
  });

  it('would be tried to its end, record by record, without a limit (mutation)', async () => {
    expect(await load()).toMatchObject({ loaded: 0, rejected: { length: RECORDS } });
  });
});
