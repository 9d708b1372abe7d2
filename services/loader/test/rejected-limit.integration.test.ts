import { batchesQueue, batchRoutingKey } from '@pipeline/protocol';
import { Registry } from '@pipeline/service';
import type { TestDatabase } from '@pipeline/testing';
import { createWarehouse } from '@pipeline/warehouse';
import { claim, controlDatabase, endCycles, startTasks } from '../../../libs/control/test/support.ts';
import { createBatchHandler } from '../src/batch-handler.ts';
import { createMetrics } from '../src/metrics.ts';
import { batchOf, logger } from './support/batches.ts';

const RECORDS = 2_000;
const LIMITS = { rejectedMax: 100, rejectedShare: 0.01 };

describe('a loader whose batch PostgreSQL refuses, record by record', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
    await database.pool.query(`
      create schema test;
      create table test.refused (id bigint);
      create table test.partly (id bigint check (id % 100 <> 0));
      create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create trigger refuse before insert on test.refused for each row execute function refuse()`);
  }, 60_000);
  afterEach(() => endCycles(database.pool));
  afterAll(() => database?.drop());

  const load = async (stream: string) => {
    const { pool } = database;
    const handle = createBatchHandler({
      ...{ pool, logger, limits: LIMITS },
      warehouse: createWarehouse({ pool }),
      finaliser: { wake: () => undefined, stop: () => Promise.resolve() },
      metrics: createMetrics(new Registry()),
      signal: new AbortController().signal,
      onDefect: () => undefined,
    });
    const task = await claim(pool, (await startTasks(pool, stream)).get(stream));
    const records = Array.from({ length: RECORDS }, (_, n) => ({ id: n + 1 }));
    const { headers, body } = await batchOf(task, { seq: 0, records });
    const routingKey = batchRoutingKey('test', stream);
    const settlement = await handle({ queue: batchesQueue('test'), routingKey, headers: { ...headers }, body });
    const { rows } = await pool.query(
      `select status, error, (select count(*)::int from pipeline.rejected_records r where r.stream = t.stream) as rejected,
         (select count(*)::int from pipeline.ledger b where b.epoch = $2) as batches,
         (select count(*)::int from test.${stream}) as loaded
       from pipeline.tasks t where id = $1`,
      [task.taskId, task.epoch],
    );
    return { settlement, ...rows[0] };
  };

  it('leaves it with the first record too many: its stream fails, nothing of it is written, and no bookmark can pass it', async () => {
    expect(await load('refused')).toEqual({
      settlement: 'ack',
      status: 'failed',
      error: expect.stringMatching(
        /^test\.refused: at least 101 of 2000 records do not fit, one because a trigger of the table refuses the row/,
      ),
      rejected: LIMITS.rejectedMax + 1,
      batches: 0,
      loaded: 0,
    });
  });

  it('sets aside what is within the limit, and loads the others', async () => {
    expect(await load('partly')).toMatchObject({ settlement: 'ack', status: 'running', rejected: 20, loaded: 1_980 });
  });
});
