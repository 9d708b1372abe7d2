import { type Pool, type PoolClient, quoteIdent } from '@pipeline/postgres';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { type Fixture, readFixtures } from './fixture.ts';
import { runInProcess, type TargetRun } from './in-process.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
}, 60_000);
afterAll(() => database?.drop());

describe('target-postgres', () => {
  it.each(readFixtures().map((fixture): [string, Fixture] => [fixture.name, fixture]))('%s', async (name, fixture) => {
    const schema = name.slice(-63);
    await inSchema(database.pool, schema, (client) => runFixture(client, schema, fixture));
  });
});

async function inSchema(pool: Pool, schema: string, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`create schema ${quoteIdent(schema)}`);
    await client.query(`set search_path to ${quoteIdent(schema)}; set timezone to 'UTC'`);
    await work(client);
  } finally {
    client.release(true);
  }
}

async function runFixture(client: PoolClient, schema: string, { runs, expected }: Fixture): Promise<void> {
  const { host, port, user, password, database: dbname } = database.options;
  const config = { host, port, user, password, dbname, default_target_schema: schema, ...expected.config };
  for (const statement of expected.before ?? []) await client.query(statement);
  const results: TargetRun[] = [];
  for (const [index, input] of runs.entries()) {
    if (index === 1) for (const statement of expected.between ?? []) await client.query(statement);
    if (results.length > 0) await client.query('truncate pipeline.rejected_records');
    results.push(await runInProcess(config, input));
  }
  const last = results.at(-1);
  const explained = results.map(({ exitCode, log }) => ({ exitCode, log }));
  expect({ explained, exitCodes: results.map((run) => run.exitCode) }).toEqual({
    explained,
    exitCodes: expected.exitCodes ?? runs.map(() => 0),
  });
  if (expected.error !== undefined) expect(last?.log).toMatch(new RegExp(expected.error));
  if (expected.state !== undefined) expect(lastState(last)).toEqual(expected.state);
  if (expected.stateText !== undefined) expect(last?.states.at(-1)).toBe(expected.stateText);
  if (expected.sanitised !== undefined) expect(last?.log).toContain(`"sanitised":${expected.sanitised}`);
  await expectTables(client, expected);
  await expectRejected(client, expected);
}

function lastState(run: TargetRun | undefined): unknown {
  const text = run?.states.at(-1);
  return text === undefined ? null : JSON.parse(text);
}

async function expectTables(client: PoolClient, expected: Fixture['expected']): Promise<void> {
  for (const [table, rows] of Object.entries(expected.tables)) {
    const columns = Object.keys(rows[0] ?? {});
    const list = columns.map((column) => `${quoteIdent(column)}::text`).join(', ');
    const result = await client.query(`select ${list} from ${quoteIdent(table)}`);
    expect({ [table]: result.rows.map(inOrder).sort() }).toEqual({ [table]: rows.map(inOrder).sort() });
  }
  for (const [table, types] of Object.entries(expected.types ?? {})) {
    const { rows } = await client.query<{ name: string; type: string }>(
      `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and attname = any($2)`,
      [quoteIdent(table), Object.keys(types)],
    );
    expect(Object.fromEntries(rows.map(({ name, type }) => [name, type]))).toEqual(types);
  }
  for (const [query, rows] of Object.entries(expected.queries ?? {})) {
    const result = await client.query({ text: query, rowMode: 'array' });
    expect({ [query]: result.rows }).toEqual({ [query]: rows });
  }
}

async function expectRejected(client: PoolClient, expected: Fixture['expected']): Promise<void> {
  const { rows } = await client.query(
    'select stream, position, column_name, sqlstate from pipeline.rejected_records order by id',
  );
  await client.query('truncate pipeline.rejected_records');
  if (expected.rejectedCount === undefined) expect(rows).toEqual(expected.rejected ?? []);
  else expect(rows).toHaveLength(expected.rejectedCount);
}

function inOrder(row: object): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}
