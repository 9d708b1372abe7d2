import { jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { runInProcess } from './in-process.ts';

const RECORDS = 20_000;
/** To make its table and to write one batch. */
const ROUND_TRIPS_OF_A_STREAM = 18;
const SCHEMA =
  '{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"},"v":{"type":"string"}}},"key_properties":["id"]}';
const record = (id: number, v = 'x') => `{"type":"RECORD","stream":"s","record":{"id":${id},"v":"${v}"}}`;

describe('what costs no more than it should', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  }, 60_000);
  afterAll(() => database?.drop());

  /** Seconds of this process's CPU, and of the clock. */
  const run = async (schema: string, lines: string[]) => {
    const { host, port, user, password, database: dbname } = database.options;
    const config = { host, port, user, password, dbname, default_target_schema: schema, max_rejected_share: 1 };
    const [cpu, start] = [process.cpuUsage(), performance.now()];
    const result = await runInProcess(config, Buffer.from(lines.join('\n')), 1024 * 1024);
    const { user: own, system } = process.cpuUsage(cpu);
    return { ...result, cpuSeconds: (own + system) / 1e6, seconds: (performance.now() - start) / 1_000 };
  };
  const records = Array.from({ length: RECORDS }, (_, id) => record(id));

  it('a STATE after each record, however many', async () => {
    const withStates = records.flatMap((line, id) => [line, `{"type":"STATE","value":{"id":${id}}}`]);
    await run('warm_up', [SCHEMA, ...records]);
    const ratio = async (attempt: number) => {
      const half = await run(`half${attempt}`, [SCHEMA, ...withStates.slice(0, RECORDS)]);
      const whole = await run(`whole${attempt}`, [SCHEMA, ...withStates]);
      expect(whole.states.at(-1)).toBe(`{"id":${RECORDS - 1}}`);
      return whole.cpuSeconds / half.cpuSeconds;
    };
    // Twice the STATEs; quadratic would be four times. The collector of garbage comes when it wants: the best of three.
    const ratios = [await ratio(1), await ratio(2), await ratio(3)];
    expect(Math.min(...ratios)).toBeLessThan(3.2);
  });

  it('a SCHEMA that is sent again unchanged', async () => {
    await run('again', [SCHEMA, ...records.flatMap((line, id) => (id % 20 === 0 ? [SCHEMA, line] : [line]))]);
    const { rows } = await database.pool.query('select count(distinct _sdc_sequence)::int as batches from again.s');
    expect(rows).toEqual([{ batches: 1 }]);
  });

  it('a stream: so many round trips and no more', async () => {
    const client = await database.pool.connect();
    const everyClient: { query: () => unknown } = Object.getPrototypeOf(client);
    client.release();
    const query = jest.spyOn(everyClient, 'query');
    const roundTrips = async (streams: number) => {
      query.mockClear();
      const lines = Array.from({ length: streams }, (_, n) =>
        [SCHEMA, record(1)].map((line) => line.replace('"s"', `"of_${streams}_${n}"`)),
      );
      await run('streams', lines.flat());
      return query.mock.calls.length;
    };
    await run('streams', [SCHEMA]);
    const [few, many] = [await roundTrips(10), await roundTrips(60)];
    query.mockRestore();
    expect((many - few) / 50).toBeLessThanOrEqual(ROUND_TRIPS_OF_A_STREAM);
  });

  it('a tenth of the records refused by a check constraint', async () => {
    const twice = (bad: string) =>
      Array.from({ length: RECORDS }, (_, n) => record(n % (RECORDS - 1), n % 10 === 0 ? bad : 'x'));
    const ratio = async (attempt: number) => {
      for (const schema of [`clean${attempt}`, `bad${attempt}`])
        await database.pool.query(
          `create schema ${schema}; create table ${schema}.s (id bigint primary key, v text check (v <> 'bad'))`,
        );
      const clean = await run(`clean${attempt}`, [SCHEMA, ...twice('y')]);
      const bad = await run(`bad${attempt}`, [SCHEMA, ...twice('bad')]);
      expect(bad.log).toContain(`"loaded":${RECORDS * 0.9},"rejected":${RECORDS / 10}`);
      return bad.seconds / clean.seconds;
    };
    // The clock is that of a busy machine: the best of three.
    const ratios = [await ratio(1), await ratio(2), await ratio(3)];
    expect(Math.min(...ratios)).toBeLessThan(3);
  });
});
