import { inTransaction, type PoolClient } from '@pipeline/postgres';
import type { Json, JsonSchema } from '@pipeline/singer';
import type { TestDatabase } from '@pipeline/testing';
import { createWarehouse, type Table, type WarehouseOptions } from '../src/index.ts';
import { withChangedStatements } from './support/changed-statements.ts';
import { createWarehouseDatabase, DATABASE_SCHEMA, type Properties, recordLine, schemaOf } from './support/loading.ts';

const INTEGER: JsonSchema = { type: 'integer' };
const TEXT: JsonSchema = { type: 'string' };

/** What a mutation switches off. */
interface Mutation {
  options?: Omit<WarehouseOptions, 'pool'>;
  /** The table as the engine sees it. */
  table?: (table: Table) => Table;
  statements?: (statement: string) => string;
}

/** Each test has the table `t` to itself. */
describe('a table that others know too', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createWarehouseDatabase();
    await database.pool.query(`create schema ${DATABASE_SCHEMA}`);
  });
  afterEach(() =>
    database.pool.query(`drop table if exists ${DATABASE_SCHEMA}.t cascade; delete from pipeline.target_tables`),
  );
  afterAll(() => database?.drop());

  let sequence = 0n;
  const load = (
    properties: Properties,
    record: Record<string, Json>,
    { options = {}, table = (same) => same, statements = (same) => same }: Mutation = {},
    before = async (_: PoolClient): Promise<unknown> => undefined,
  ) =>
    inTransaction(database.pool, async (client) => {
      await before(client);
      const warehouse = createWarehouse({ pool: database.pool, ...options });
      const prepared = await warehouse.prepare(schemaOf('t', properties), { databaseSchema: DATABASE_SCHEMA });
      const batch = { sequence: ++sequence, receivedAt: new Date() };
      const lines = Buffer.from(recordLine('t', record));
      return warehouse.write(withChangedStatements(client, statements), table(prepared), lines, batch);
    });
  const read = async (expression: string) => {
    const { rows } = await database.pool.query<{ value: string | null }>(
      `select (${expression})::text as value from ${DATABASE_SCHEMA}.t`,
    );
    return rows.map(({ value }) => value);
  };

  describe('timestamps without zone', () => {
    const loadTime = async (mutation?: Mutation) => {
      await database.pool.query(`create table ${DATABASE_SCHEMA}.t (id bigint primary key, v timestamp)`);
      const properties: Properties = { id: INTEGER, v: { type: 'string', format: 'date-time' } };
      await load(properties, { id: 1, v: '2024-01-01T00:00:00Z' }, mutation, (client) =>
        client.query(`set local timezone to 'America/New_York'`),
      );
      return read('v');
    };

    it('hold UTC, whatever the zone of the session', async () => {
      expect(await loadTime()).toEqual(['2024-01-01 00:00:00']);
    });

    it('would hold the time of the session without the zone in the cast (mutation)', async () => {
      const statements = (statement: string) => statement.replaceAll(` at time zone 'UTC'`, '');
      expect(await loadTime({ statements })).toEqual(['2023-12-31 19:00:00']);
    });
  });

  describe('columns that are too narrow', () => {
    const loadWide = async (mutation?: Mutation) => {
      await database.pool.query(`create table ${DATABASE_SCHEMA}.t (id bigint primary key, v varchar(5), n integer)`);
      const properties: Properties = { id: INTEGER, v: TEXT, n: { type: 'number' } };
      expect(await load(properties, { id: 1, v: 'longer', n: 1.5 }, mutation)).toMatchObject({ loaded: 1 });
      return read(`concat_ws(' ', v, n)`);
    };

    it('are widened for the first value that does not fit', async () => {
      expect(await loadWide()).toEqual(['longer 1.5']);
    });

    it('would cut and round values if nobody compared them with the column (mutation)', async () => {
      const table = (prepared: Table): Table => ({
        ...prepared,
        stagedShape: {
          ...prepared.stagedShape,
          limitedSlots: [],
          fields: prepared.stagedShape.fields.map((field) => ({ ...field, limit: undefined })),
        },
      });
      expect(await loadWide({ table })).toEqual(['longe 2']);
    });
  });

  describe('a primary key that is not the key of the stream', () => {
    const loadByOtherKey = async (keyIsRemembered: boolean) => {
      await database.pool.query(`create table ${DATABASE_SCHEMA}.t (code text primary key, id bigint)`);
      if (keyIsRemembered) {
        await database.pool.query(
          `insert into pipeline.target_tables (database_schema, stream, table_name, key_columns) values ('${DATABASE_SCHEMA}', 't', 't', '{code}')`,
        );
      }
      await load({ id: INTEGER, code: TEXT }, { id: 1, code: 'x' }, { options: { keyChange: 'rekey' } });
      const { rows } = await database.pool.query<{ key: string }>(
        `select pg_get_constraintdef(oid) as key from pg_constraint where conrelid = '${DATABASE_SCHEMA}.t'::regclass and contype = 'p'`,
      );
      return rows.map(({ key }) => key);
    };

    it('stays: the engine did not make it', async () => {
      expect(await loadByOtherKey(false)).toEqual(['PRIMARY KEY (code)']);
    });

    it('would be replaced if the engine took it for its own (mutation)', async () => {
      expect(await loadByOtherKey(true)).toEqual(['PRIMARY KEY (id)']);
    });
  });

  describe('grants on a view', () => {
    const widenUnderView = async (mutation?: Mutation) => {
      await load({ id: INTEGER, v: INTEGER }, { id: 1, v: 1 });
      await database.pool.query(`
        create view ${DATABASE_SCHEMA}.sees as select id, v from ${DATABASE_SCHEMA}.t;
        grant select on ${DATABASE_SCHEMA}.sees to pg_monitor;
        grant select (v) on ${DATABASE_SCHEMA}.sees to public`);
      // A value beyond 64 bits: the column becomes numeric in the transaction of its batch.
      const wide = JSON.rawJSON('12345678901234567890');
      await load({ id: INTEGER, v: INTEGER }, { id: 1, v: wide }, mutation);
      expect(await read('v')).toEqual(['12345678901234567890']);
      const { rows } = await database.pool.query<{ grantee: string }>(
        `select grantee from information_schema.column_privileges
         where table_name = 'sees' and column_name = 'v' and grantee in ('pg_monitor', 'PUBLIC') order by grantee`,
      );
      return rows.map(({ grantee }) => grantee);
    };

    it('are as before when a column under it was widened', async () => {
      expect(await widenUnderView()).toEqual(['PUBLIC', 'pg_monitor']);
    });

    it('would be gone with the view that was dropped if they were not granted again (mutation)', async () => {
      const statements = (statement: string) => (statement.startsWith('grant ') ? 'select' : statement);
      expect(await widenUnderView({ statements })).toEqual([]);
    });
  });

  describe('a property that leaves the schema', () => {
    const loadWithout = async (mutation?: Mutation) => {
      await load({ id: INTEGER, v: TEXT }, { id: 1, v: 'kept' });
      await load({ id: INTEGER }, { id: 1 }, mutation);
      return read('v');
    };

    it('keeps the values that are stored', async () => {
      expect(await loadWithout()).toEqual(['kept']);
    });

    it('would be emptied if its column were written like those of the schema (mutation)', async () => {
      const table = (prepared: Table): Table => ({
        ...prepared,
        stagedShape: { ...prepared.stagedShape, undeclaredSlots: [] },
      });
      expect(await loadWithout({ table })).toEqual([null]);
    });
  });
});
