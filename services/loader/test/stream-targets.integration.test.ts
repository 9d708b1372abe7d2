import { type Claim, claimTask, failTask, finalise } from '@pipeline/control';
import type { TestDatabase } from '@pipeline/testing';
import { createWarehouse } from '@pipeline/warehouse';
import { claim, controlDatabase, endCycles, manifestOf, startTasks } from '../../../libs/control/test/support.ts';
import { createApplyDeletes } from '../src/apply-deletes.ts';
import { loadBatch } from '../src/load-batch.ts';
import { parseStreamSettings, readStreamSettings } from '../src/stream-settings.ts';
import { configuredTargets, type StreamTargets } from '../src/stream-targets.ts';
import { batchOf, limits } from './support/batches.ts';

const SETTINGS = `
streams:
  test.elsewhere: { schema: other_schema, table: renamed }
  test.frozen: { contract: { columns: freeze } }
  test.typed: { columns: { id: text } }
  test.gone: { deletes: hard }
`;

describe("the loader's settings of a stream", () => {
  let database: TestDatabase;
  let targets: StreamTargets;
  beforeAll(async () => {
    database = await controlDatabase();
    targets = configuredTargets(database.pool, parseStreamSettings(SETTINGS, 'config.yml'), () => 0);
  });
  afterEach(() => endCycles(database.pool));
  afterAll(() => database.drop());

  const load = async (task: Claim, ids: object[], rule: 'none' | 'absent' = 'none') => {
    const warehouse = createWarehouse({ pool: database.pool });
    const whole = manifestOf(task, 0, ids.length);
    const streams = Object.fromEntries(
      Object.entries(whole.streams).map(([name, said]) => [name, { ...said, deletes: { kind: rule } }]),
    );
    const records = ids.map((record) => ({ ...record }));
    const { batch } = await batchOf(task, { seq: 0, records, manifest: { ...whole, streams } });
    await loadBatch({ pool: database.pool, warehouse, targets, limits }, batch);
    await finalise(database.pool, task.epoch, createApplyDeletes(warehouse, targets));
  };
  const start = async (stream: string) => claim(database.pool, (await startTasks(database.pool, stream)).get(stream));
  const query = async (text: string) => (await database.pool.query({ text, rowMode: 'array' })).rows;

  it('come with a file that is valid and says nothing', () => {
    expect(readStreamSettings(`${import.meta.dirname}/../config.yml`).size).toBe(0);
  });

  it('give it another schema and table, also for what the next attempt removes', async () => {
    const tasks = await startTasks(database.pool, 'elsewhere');
    const task = await claim(database.pool, tasks.get('elsewhere'));
    const { batch } = await batchOf(task, { seq: 0, records: [{ id: 1 }] });
    const warehouse = createWarehouse({ pool: database.pool });
    await loadBatch({ pool: database.pool, warehouse, targets, limits }, batch);
    expect(await query('select id::int from other_schema.renamed')).toEqual([[1]]);
    await failTask(database.pool, task.epoch, { error: 'it died', retry: true });
    await claimTask(database.pool, { taskId: task.taskId, claimedBy: 'again' });
    expect(await query('select id::int from other_schema.renamed')).toEqual([]);
  });

  it('give it a contract', async () => {
    await load(await start('frozen'), [{ id: 1 }]);
    await endCycles(database.pool);
    const second = await start('frozen');
    await expect(load(second, [{ id: 2, more: 'x' }])).rejects.toMatchObject({ code: 'CONTRACT_FROZEN' });
  });

  it('give its columns types', async () => {
    await load(await start('typed'), [{ id: 7 }]);
    expect(await query('select pg_typeof(id)::text, id from test.typed')).toEqual([['text', '7']]);
  });

  it('remove deleted rows, and nobody takes that for somebody else’s work', async () => {
    await load(await start('gone'), [{ id: 1 }, { id: 2 }, { id: 3 }], 'absent');
    await endCycles(database.pool);
    await load(await start('gone'), [{ id: 3 }], 'absent');
    expect(await query('select id::int from test.gone')).toEqual([[3]]);
    await endCycles(database.pool);
    expect((await start('gone')).fullRead).toBe(false);
  });

  it('leave a stream without any where its connection says', async () => {
    await database.pool.query(
      `insert into pipeline.connections (name, source, origin, target_schema) values ('test', 'test', 'page', 'of_connection')`,
    );
    await load(await start('plain'), [{ id: 1 }]);
    expect(await query('select id::int from of_connection.plain')).toEqual([[1]]);
  });
});
