import { inTransaction, type PoolClient } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import { type Claim, claimTask, failTask } from '../src/index.ts';
import { claim, commitBatch, controlDatabase, endCycles, startTasks, without } from './support.ts';

const ROUNDS = 20;
const BATCHES = 6;

/** Batches of a superseded attempt that commit after the next attempt has claimed the task. */
async function lateCommits(database: TestDatabase, fence: (client: PoolClient) => PoolClient): Promise<number> {
  let late = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const tasks = await startTasks(database.pool, 'deals');
    const zombie = await claim(database.pool, tasks.get('deals'));
    const loads = Array.from({ length: BATCHES }, (_, seq) => slowLoad(database, zombie, seq, fence));
    await failTask(database.pool, zombie.epoch, { error: 'lease ran out', retry: true });
    const successor = await claimTask(database.pool, { taskId: zombie.taskId, claimedBy: 'successor' });
    const claimedAt = performance.now();
    for (const committedAt of await Promise.all(loads))
      if (committedAt !== undefined && committedAt > claimedAt) late += 1;
    expect(successor).toBeDefined();
    await endCycles(database.pool);
  }
  return late;
}

async function slowLoad(database: TestDatabase, task: Claim, seq: number, fence: (client: PoolClient) => PoolClient) {
  const outcome = await inTransaction(database.pool, async (client) => {
    const result = await commitBatch(fence(client), task, { seq });
    await client.query('select pg_sleep(0.02)');
    return result;
  });
  return outcome === 'loaded' ? performance.now() : undefined;
}

describe('the fence', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterAll(() => database.drop());

  it('lets no batch of an old epoch commit after the new claim', async () => {
    expect(await lateCommits(database, (client) => client)).toBe(0);
  });

  it('leaks without FOR SHARE (mutation)', async () => {
    expect(await lateCommits(database, (client) => without(client, /for share/))).toBeGreaterThan(0);
  });
});
