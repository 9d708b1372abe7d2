import { ChaosProxy, createTestDatabase, type TestDatabase, waitFor } from '@pipeline/testing';
import { startTargetProcess } from './support/target-process.ts';

const SCHEMA =
  '{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}';
const record = (id: number) => `{"type":"RECORD","stream":"s","record":{"id":${id}}}`;
const state = (id: number) => `{"type":"STATE","value":{"id":${id}}}`;
const STOP_MS_MAX = 10_000;

describe('a target that waits for PostgreSQL', () => {
  let database: TestDatabase;
  let proxy: ChaosProxy;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await ChaosProxy.start(database.options);
  }, 60_000);
  afterAll(async () => {
    await proxy?.close();
    await database?.drop();
  });

  it('ends with 143 within ten seconds of a SIGTERM, and has told no STATE that is not committed', async () => {
    const { user, password, database: dbname } = database.options;
    const address = { host: proxy.host, port: proxy.port, user, password, dbname, sslmode: 'disable' };
    const run = startTargetProcess({ ...address, flush_seconds: 0.1 });
    run.input.write(`${[SCHEMA, record(1), state(1)].join('\n')}\n`);
    await waitFor(() => run.states() !== '', { timeoutMs: 30_000, what: 'the first STATE' });
    proxy.set({ kind: 'cut', bytes: 0, direction: 'to-server' });
    proxy.reset();
    run.input.write(`${[record(2), state(2)].join('\n')}\n`);
    await waitFor(() => run.log().includes('waits for PostgreSQL'), { timeoutMs: 30_000, what: 'that it waits' });
    const askedAt = performance.now();
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(143);
    expect(performance.now() - askedAt).toBeLessThan(STOP_MS_MAX);
    expect(run.states()).toBe('{"id":1}\n');
    const { rows } = await database.pool.query('select id from s order by id');
    expect(rows).toEqual([{ id: '1' }]);
  }, 90_000);
});
