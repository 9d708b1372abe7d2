import { inTransaction, type PoolClient } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import { failTask } from '../src/index.ts';
import { claim, controlDatabase, startTasks } from './support.ts';

async function commit(client: PoolClient, epoch: number, rows: number) {
  await client.query(
    `insert into pipeline.ledger (epoch, seq, stream, sha256, rows, rejected, bytes) values ($1, 0, 'deals', '', $2, 2, 100)`,
    [epoch, rows],
  );
}

it('counts what an attempt committed once, when it ends, also one that fails', async () => {
  const database: TestDatabase = await controlDatabase();
  try {
    const tasks = await startTasks(database.pool, 'deals');
    const first = await claim(database.pool, tasks.get('deals'));
    await inTransaction(database.pool, (client) => commit(client, first.epoch, 10));
    const counted = () =>
      database.pool.query('select stream, rows::int, rejected::int, bytes::int, reads from pipeline.stream_days');
    expect((await counted()).rows).toEqual([]);
    await failTask(database.pool, first.epoch, { error: new Error('broken'), retry: true });
    await failTask(database.pool, first.epoch, { error: new Error('broken'), retry: true });
    const second = await claim(database.pool, tasks.get('deals'));
    await inTransaction(database.pool, (client) => commit(client, second.epoch, 5));
    await database.pool.query(`update pipeline.attempts set outcome = 'loaded' where epoch = $1`, [second.epoch]);
    expect((await counted()).rows).toEqual([{ stream: 'deals', rows: 15, rejected: 4, bytes: 200, reads: 1 }]);
    const hours = await database.pool.query('select sum(rows)::int as rows from pipeline.stream_hours');
    expect(hours.rows).toEqual([{ rows: 15 }]);
  } finally {
    await database.drop();
  }
});
