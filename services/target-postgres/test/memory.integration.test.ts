import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { runTargetProcess } from './support/target-process.ts';

const MEBIBYTE = 1024 * 1024;
const HUGE_MEGABYTES = 60;
/** Node, the program and its modules without any record are about 140 MB. */
const HUGE_PEAK_MAX = 300;
const STREAMS = 1_000;
const STREAMS_PEAK_MAX = 220;

const schema = (stream: string) =>
  `{"type":"SCHEMA","stream":"${stream}","schema":{"properties":{"id":{"type":"integer"},"v":{"type":"string"}}},"key_properties":["id"]}\n`;

describe('the memory of target-postgres', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  }, 60_000);
  afterAll(() => database?.drop());
  const config = () => {
    const { host, port, user, password, database: dbname } = database.options;
    return { host, port, user, password, dbname, sslmode: 'disable' };
  };

  it(`stays below ${HUGE_PEAK_MAX} MB with a record of ${HUGE_MEGABYTES} MB`, async () => {
    const text = 'line of text'.padEnd(MEBIBYTE, ' x');
    const run = await runTargetProcess(config(), [
      schema('huge'),
      '{"type":"RECORD","stream":"huge","record":{"id":1,"v":"',
      ...Array<string>(HUGE_MEGABYTES).fill(text),
      '"}}\n{"type":"STATE","value":{"n":1}}\n',
    ]);
    expect({ exitCode: await run.ended, states: run.states() }).toEqual({ exitCode: 0, states: '{"n":1}\n' });
    expect(run.peakMegabytes()).toBeLessThan(HUGE_PEAK_MAX);
    const { rows } = await database.pool.query(
      `select length(v) as length, md5(v) = md5(repeat($1, ${HUGE_MEGABYTES})) as is_equal from huge`,
      [text],
    );
    expect(rows).toEqual([{ length: HUGE_MEGABYTES * MEBIBYTE, is_equal: true }]);
  });

  it(`stays below ${STREAMS_PEAK_MAX} MB with a record in each of ${STREAMS} streams`, async () => {
    const messages = Array.from(
      { length: STREAMS },
      (_, n) => `${schema(`s${n}`)}{"type":"RECORD","stream":"s${n}","record":{"id":1,"v":"x"}}\n`,
    );
    const run = await runTargetProcess({ ...config(), default_target_schema: 'many' }, [
      ...messages,
      '{"type":"STATE","value":{"n":1}}\n',
    ]);
    expect({ exitCode: await run.ended, states: run.states() }).toEqual({ exitCode: 0, states: '{"n":1}\n' });
    expect(run.peakMegabytes()).toBeLessThan(STREAMS_PEAK_MAX);
  });
});
