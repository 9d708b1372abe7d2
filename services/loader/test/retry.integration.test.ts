import { type Claim, claimTask, failTask, finalise } from '@pipeline/control';
import { PipelineError } from '@pipeline/protocol';
import type { TestDatabase } from '@pipeline/testing';
import { createWarehouse, type Warehouse } from '@pipeline/warehouse';
import {
  claim,
  controlDatabase,
  endCycles,
  manifestOf,
  noDeletes,
  startTasks,
} from '../../../libs/control/test/support.ts';
import { loadBatch } from '../src/load-batch.ts';
import { batchOf, limits } from './support/batches.ts';

const IDS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('a tap that dies after two batches of two records and reads again in batches of three', () => {
  let database: TestDatabase;
  let warehouse: Warehouse;
  beforeAll(async () => {
    database = await controlDatabase();
    warehouse = createWarehouse({ pool: database.pool });
  });
  afterEach(() => endCycles(database.pool));
  afterAll(() => database.drop());

  /** Reads the source in batches of this size, and dies after `batchesMax` of them. Gives the batches that no loader took, as dead letters would be. */
  const read = async (task: Claim, size: number, batchesMax = Number.POSITIVE_INFINITY): Promise<number[]> => {
    const refused: number[] = [];
    const lastSeq = Math.ceil(IDS.length / size) - 1;
    for (let seq = 0; seq <= lastSeq && seq < batchesMax; seq += 1) {
      const records = IDS.slice(seq * size, (seq + 1) * size).map((id) => ({ id }));
      const end = seq === lastSeq ? { manifest: manifestOf(task, lastSeq, IDS.length) } : {};
      const { batch } = await batchOf(task, { seq, records, ...end });
      await loadBatch({ pool: database.pool, warehouse, limits }, batch).catch((error: unknown) => {
        if (!(error instanceof PipelineError && error.code === 'BATCH_CONTENT_CHANGED')) throw error;
        refused.push(seq);
      });
    }
    await finalise(database.pool, task.epoch, noDeletes);
    return refused;
  };
  const rows = async (stream: string) =>
    (await database.pool.query<{ id: number }>(`select id::int from test.${stream} order by 1`)).rows.map(
      ({ id }) => id,
    );
  const statusOf = async ({ taskId }: Claim) =>
    (await database.pool.query('select status from pipeline.tasks where id = $1', [taskId])).rows[0]?.status;
  const dyingRead = async (stream: string) => {
    const tasks = await startTasks(database.pool, stream);
    const task = await claim(database.pool, tasks.get(stream));
    await read(task, 2, 2);
    expect(await rows(stream)).toEqual([1, 2, 3, 4]);
    return task;
  };

  it('has every record once, because the retry has an epoch of its own', async () => {
    const dead = await dyingRead('renewed');
    await failTask(database.pool, dead.epoch, { error: 'the lease ran out', retry: true });
    const retry = await claimTask(database.pool, { taskId: dead.taskId, claimedBy: 'next' });
    if (retry === undefined) throw new Error('the task cannot be claimed');
    expect(await read(retry, 3)).toEqual([]);
    expect(await rows('renewed')).toEqual(IDS);
    expect(await statusOf(retry)).toBe('loaded');
  });

  it('mixes two cuts when it goes on under the old epoch: records are lost, and the ledger raises the alarm (mutation)', async () => {
    const task = await dyingRead('kept');
    expect(await read(task, 3)).toEqual([0, 1]);
    expect(await rows('kept')).toEqual([1, 2, 3, 4, 7, 8, 9]);
    // Not even then it passes for loaded.
    expect(await statusOf(task)).not.toBe('loaded');
  });
});
