import { inTransaction } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import { readCurrentRow, rejectRecords } from '../src/index.ts';
import { claim, controlDatabase, PIPELINE, startTasks } from './support.ts';

describe('the row beside a rejected record', () => {
  let database: TestDatabase;
  let reject: (record: string) => Promise<string>;
  beforeAll(async () => {
    database = await controlDatabase();
    const { pool } = database;
    const tasks = await startTasks(pool, 'deals');
    const { epoch, runId } = await claim(pool, tasks.get('deals'));
    await pool.query(
      `create schema test; create table test.deals ("ID" bigint, region text, name text, primary key ("ID", region));
       insert into test.deals values (9007199254740993, 'eu', 'large'), (2, 'eu', 'small');
       insert into pipeline.target_tables (database_schema, stream, table_name, key_columns) values ('test', 'deals', 'deals', '{ID,region}');
       insert into pipeline.target_columns (database_schema, stream, property, column_name)
       values ('test', 'deals', 'dealId', 'ID'), ('test', 'deals', 'region', 'region')`,
    );
    let position = 0;
    reject = async (record) => {
      const fields = { pipeline: PIPELINE, stream: 'deals', runId, epoch, seq: 0, position: position++ };
      const wrong = {
        ...fields,
        column: null,
        constraint: null,
        key: null,
        sqlstate: '22003',
        reason: 'too large',
        record,
      };
      await inTransaction(pool, (client) => rejectRecords(client, [wrong] as never));
      return (await pool.query('select max(id)::text as id from pipeline.rejected_records')).rows[0].id;
    };
  });
  afterAll(() => database.drop());

  it('is the one with its key, in full and with every digit', async () => {
    const id = await reject('{"type":"RECORD","record":{"dealId":9007199254740993,"region":"eu","name":"too large"}}');
    expect(await readCurrentRow(database.pool, id)).toBe('{"ID":9007199254740993,"region":"eu","name":"large"}');
  });

  it.each([
    ['another key', '{"record":{"dealId":1,"region":"eu"}}'],
    ['half a key', '{"record":{"dealId":2}}'],
    ['a key of another type', '{"record":{"dealId":"two","region":"eu"}}'],
    ['a key that PostgreSQL cannot hold', '{"record":{"dealId":2,"region":"e\\u0000u"}}'],
    ['no JSON at all', 'record'],
  ])('is missing for %s', async (_, record) => {
    expect(await readCurrentRow(database.pool, await reject(record))).toBeNull();
  });
});
