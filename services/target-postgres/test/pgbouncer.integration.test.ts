import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { runInProcess } from './in-process.ts';
import { type Pgbouncer, startPgbouncer } from './support/pgbouncer.ts';

const RECORDS = 2_000;
const SCHEMA = `{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"},"v":{"type":["null","string"]}}},"key_properties":["id"]}`;

/** Every key twice, so that batches go through temporary tables, with one record that PostgreSQL refuses. */
function input(loader: string): Buffer {
  const lines = [SCHEMA, SCHEMA.replace('"s"', `"${loader}"`)];
  for (let n = 0; n < RECORDS * 2; n++) {
    for (const stream of ['s', loader]) {
      lines.push(`{"type":"RECORD","stream":"${stream}","record":{"id":${n % RECORDS},"v":"${n}"}}`);
    }
  }
  lines.push(
    `{"type":"RECORD","stream":"s","record":{"id":-1,"v":"${loader}"}}`,
    '{"type":"STATE","value":{"done":true}}',
  );
  return Buffer.from(lines.join('\n'));
}

describe('target-postgres behind pgbouncer in transaction mode, without settings for it', () => {
  let database: TestDatabase;
  let pgbouncer: Pgbouncer;
  beforeAll(async () => {
    database = await createTestDatabase();
    pgbouncer = await startPgbouncer(database.options);
  }, 120_000);
  afterAll(async () => {
    await pgbouncer?.stop();
    await database?.drop();
  });

  it('loads everything, two of them at once into the same table', async () => {
    const { user, password, database: dbname } = database.options;
    const config = {
      ...{ host: pgbouncer.host, port: pgbouncer.port, user, password, dbname },
      ...{ batch_size_rows: 300, max_parallelism: 3 },
    };
    await database.pool.query('create table s (id bigint primary key check (id >= 0), v text)');
    const runs = await Promise.all(['one', 'two'].map((loader) => runInProcess(config, input(loader))));
    expect(runs.map(({ exitCode, states, log }) => ({ exitCode, states, log }))).toEqual(
      runs.map(({ log }) => ({ exitCode: 0, states: ['{"done":true}'], log })),
    );
    const { rows } = await database.pool.query(
      `select (select count(*) from s) as shared, (select count(*) from one) as one, (select count(*) from two) as two,
         (select count(*) from s where v::int < ${RECORDS}) as old, (select count(*) from pipeline.rejected_records) as rejected`,
    );
    const all = String(RECORDS);
    expect(rows).toEqual([{ shared: all, one: all, two: all, old: '0', rejected: '2' }]);
  });

  it('leaves no setting in the connections that others get next', async () => {
    const { rows } = await database.pool.query(
      `select count(*)::int as left_behind from pg_stat_activity a where a.datname = current_database() and a.state like 'idle in%'`,
    );
    expect(rows).toEqual([{ left_behind: 0 }]);
  });
});
