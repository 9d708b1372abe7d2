import { inTransaction } from '@pipeline/postgres';
import { type TestDatabase, waitFor } from '@pipeline/testing';
import { cycleProgress, registerPipeline, startCycle, startRun } from '../src/index.ts';
import { controlDatabase, PIPELINE } from './support.ts';

describe('a cycle', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterAll(() => database.drop());

  it('shows a scheduler that waited for its turn the run that the other one has started', async () => {
    const { pool } = database;
    await registerPipeline(pool, { name: PIPELINE, source: 'test', streams: [{ name: 'deals', children: [] }] });
    const cycleId = (await startCycle(pool, [PIPELINE])) ?? '';
    const first = await pool.connect();
    await first.query('begin');
    expect(await cycleProgress(first, cycleId)).toEqual({ pending: [PIPELINE], live: 0 });
    const second = inTransaction(pool, (client) => cycleProgress(client, cycleId));
    await waitFor(async () => {
      const { rowCount } = await pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rowCount === 1;
    });
    await startRun(first, cycleId, PIPELINE);
    await first.query('commit');
    first.release();
    expect(await second).toEqual({ pending: [], live: 1 });
  });
});
