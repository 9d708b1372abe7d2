import { createPool } from '@pipeline/postgres';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { runInProcess } from './in-process.ts';

const LIMITED = 'target_of_another_owner';
const PASSWORD = 'limited';
const schemaOf = (stream: string, properties: object) =>
  JSON.stringify({ type: 'SCHEMA', stream, schema: { properties }, key_properties: ['id'] });
const record = (stream: string, values: object) => JSON.stringify({ type: 'RECORD', stream, record: values });
const ID = { id: { type: 'integer' } };

/** A stream in trouble, and another one that must not suffer from it. */
const input = (stream: string, properties: object, values: object) =>
  Buffer.from(
    [schemaOf(stream, properties), record(stream, values), schemaOf('fine', ID), record('fine', { id: 1 }), ''].join(
      '\n',
    ),
  );

describe('a role that may not do everything', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    const { host, port, user, password, database: dbname } = database.options;
    await runInProcess({ host, port, user, password, dbname }, input('warm_up', ID, { id: 1 }));
    await database.pool.query(`
      do $$ begin create role ${LIMITED} login password '${PASSWORD}'; exception when duplicate_object then null; end $$;
      grant all on schema pipeline, public to ${LIMITED};
      grant all on all tables in schema pipeline to ${LIMITED};
      grant all on all sequences in schema pipeline to ${LIMITED};
      grant execute on all functions in schema pipeline to ${LIMITED};
      drop table fine`);
  }, 60_000);
  afterAll(() => database?.drop());
  afterEach(() => database.pool.query('drop table if exists fine'));

  const runLimited = (messages: Buffer) => {
    const { host, port, database: dbname } = database.options;
    return runInProcess({ host, port, user: LIMITED, password: PASSWORD, dbname, table_changed: 'accept' }, messages);
  };
  const expectRefused = async (run: Awaited<ReturnType<typeof runLimited>>, log: RegExp) => {
    expect(run).toMatchObject({ exitCode: 78, states: [], log: expect.stringMatching(log) });
    expect((await database.pool.query('select from fine')).rowCount).toBe(1);
  };

  it('stops a stream whose table a policy closes', async () => {
    await runLimited(input('closed', ID, { id: 1 }));
    await database.pool.query(
      `alter table closed owner to current_user; grant all on closed to ${LIMITED}; alter table closed enable row level security`,
    );
    await expectRefused(
      await runLimited(input('closed', ID, { id: 2 })),
      /stream closed, table public.closed: .*row.level security/,
    );
  });

  it('stops a stream whose table has another owner', async () => {
    await database.pool.query(`create table owned (id bigint primary key); grant all on owned to ${LIMITED}`);
    await expectRefused(await runLimited(input('owned', ID, { id: 1 })), /stream owned, table public.owned: .*owner/);
  });

  it('stops a stream whose column a view of another owner reads', async () => {
    await runLimited(input('seen', { ...ID, v: { type: 'integer' } }, { id: 1, v: 1 }));
    await database.pool.query('create view sees as select v from seen');
    const run = await runLimited(input('seen', { ...ID, v: { type: 'string' } }, { id: 1, v: 'x' }));
    await expectRefused(run, /stream seen.*sees/);
    const { rows } = await database.pool.query('select v from sees');
    expect(rows).toEqual([{ v: '1' }]);
  });
});

describe('a database with the encoding LATIN1', () => {
  let database: TestDatabase;
  let name: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    name = `${database.options.database}_latin1`;
    await database.pool.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0`);
  }, 60_000);
  afterAll(async () => {
    await database?.pool.query(`drop database if exists ${name} with (force)`);
    await database?.drop();
  });

  it('keeps what it can hold, and sets the record aside that it cannot, whole', async () => {
    const { host, port, user, password } = database.options;
    const records = ['plain', 'café', '日本', 'after'].map((v, id) => record('s', { id, v }));
    const messages = [
      schemaOf('s', { ...ID, v: { type: 'string' } }),
      ...records,
      '{"type":"STATE","value":{"n":1}}',
      '',
    ];
    const run = await runInProcess({ host, port, user, password, dbname: name }, Buffer.from(messages.join('\n')));
    expect(run).toMatchObject({
      exitCode: 0,
      states: ['{"n":1}'],
      log: expect.stringContaining('"loaded":3,"rejected":1'),
    });
    const pool = createPool({ ...database.options, database: name });
    const { rows } = await pool.query<{ record: string }>('select record from pipeline.rejected_records');
    await pool.end();
    expect(JSON.parse(rows[0]?.record ?? '')).toMatchObject({ record: { v: '日本' } });
  });

  const TEXT = { type: 'string' };
  const runLatin1 = (messages: Buffer) => {
    const { host, port, user, password } = database.options;
    return runInProcess({ host, port, user, password, dbname: name }, messages);
  };
  const query = async (statement: string) => {
    const pool = createPool({ ...database.options, database: name });
    const { rows } = await pool.query({ text: statement, rowMode: 'array' });
    await pool.end();
    return rows;
  };

  it('has names that it can hold as they are', async () => {
    expect(await runLatin1(input('Café', { ...ID, été: TEXT }, { id: 1, été: 'à' }))).toMatchObject({ exitCode: 0 });
    expect(await query('select "été" from "café"')).toEqual([['à']]);
  });

  it.each([
    ['whose name', '日本', { ...ID, v: TEXT }, { id: 1, v: 'x' }],
    ['of which the name of a property', 'named', { ...ID, 日本: TEXT }, { id: 1, 日本: 'x' }],
    ['of which the name of a property that nobody declared', 'undeclared', ID, { id: 1, 日本: 'x' }],
  ])('stops a stream %s it cannot hold, and says so', async (_, stream, properties, values) => {
    const run = await runLatin1(input(stream, properties, values));
    expect(run).toMatchObject({ exitCode: 78, log: expect.stringMatching(/encoding UTF8/) });
    expect(await query('select count(*)::int from fine')).toEqual([[1]]);
  });
});
