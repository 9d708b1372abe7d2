import type { Failure } from '@pipeline/protocol';
import type { TestDatabase } from '@pipeline/testing';
import {
  claimTask,
  clearObstacle,
  finishExtraction,
  reapDeadLeases,
  reapLostBatches,
  reportObstacle,
  wakeQueuedTasks,
} from '../src/index.ts';
import { claim, controlDatabase, endCycles, loadBatch, manifestOf, publishedTypes, startTasks } from './support.ts';

const AT_ONCE = { resendCommandMs: 0, noTapMs: 0, lostBatchesMs: 0 };

describe('the watchdog', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  beforeEach(() => publishedTypes(database.pool));
  afterEach(() => endCycles(database.pool));
  afterAll(() => database.drop());

  /** An attempt whose tap has finished, and of whose two batches only the second is loaded. */
  const extractedWithGap = async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    await loadBatch(database.pool, task, { seq: 1, manifest: manifestOf(task, 1) });
    await finishExtraction(database.pool, task.epoch);
    return task;
  };

  it('gives a task whose tap died a new attempt', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const taskId = tasks.get('deals') ?? '';
    await claimTask(database.pool, { taskId, claimedBy: 'dying', leaseMs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await reapDeadLeases(database.pool)).toHaveLength(1);
    expect((await claim(database.pool, taskId)).taskId).toBe(taskId);
  });

  it('leaves a task with a living lease alone', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    await claim(database.pool, tasks.get('deals'));
    expect(await reapDeadLeases(database.pool)).toEqual([]);
  });

  it('starts again when batches are gone from the queue', async () => {
    const task = await extractedWithGap();
    expect(await reapLostBatches(database.pool, async () => false, AT_ONCE)).toEqual([]);
    expect(await reapLostBatches(database.pool, async () => true, AT_ONCE)).toHaveLength(1);
    expect((await claim(database.pool, task.taskId)).epoch).toBeGreaterThan(task.epoch);
  });

  it('takes no batch for lost while a loader says that it holds batches of the run back', async () => {
    const task = await extractedWithGap();
    const failure: Failure = { name: 'database_disk_full', code: '53100', text: "PostgreSQL's disk is full" };
    const waits = { service: 'loader', subject: 'hubspot.deals', pipeline: null, stream: 'deals', runId: task.runId };
    await reportObstacle(database.pool, { ...waits, failure });
    expect(await reapLostBatches(database.pool, async () => true, AT_ONCE)).toEqual([]);
    await clearObstacle(database.pool, waits.service, waits.subject);
    expect(await reapLostBatches(database.pool, async () => true, AT_ONCE)).toHaveLength(1);
  });

  it('would take them for lost if the loader said nothing (mutation)', async () => {
    await extractedWithGap();
    expect(await reapLostBatches(database.pool, async () => true, AT_ONCE)).toHaveLength(1);
  });

  it('leaves an attempt alone that has every batch and only waits for its finaliser', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    await loadBatch(database.pool, task, { seq: 0 });
    await loadBatch(database.pool, task, { seq: 1, manifest: manifestOf(task, 1) });
    await finishExtraction(database.pool, task.epoch);
    expect(await reapLostBatches(database.pool, async () => true, AT_ONCE)).toEqual([]);
  });

  it('sends a command again that nobody claimed', async () => {
    await startTasks(database.pool, 'deals');
    await publishedTypes(database.pool);
    expect(await wakeQueuedTasks(database.pool, AT_ONCE)).toHaveLength(1);
    expect(await publishedTypes(database.pool)).toEqual(['run']);
  });

  it('sends no further command while the last one waits for the broker', async () => {
    await startTasks(database.pool, 'deals');
    expect(await wakeQueuedTasks(database.pool, AT_ONCE)).toEqual([]);
    expect(await publishedTypes(database.pool)).toEqual(['run']);
  });

  it('fails a queued task whose pipeline has no living tap, with what to do, once taps had time to say that they live', async () => {
    await startTasks(database.pool, 'deals');
    await database.pool.query(`update pipeline.pipelines set seen_at = seen_at - interval '1 hour'`);
    const afterStart = await wakeQueuedTasks(database.pool, { ...AT_ONCE, noTapMs: undefined });
    expect(afterStart).toEqual([]);
    const [finding] = await wakeQueuedTasks(database.pool, AT_ONCE);
    expect(finding?.message).toBe('no tap-test is alive: start one');
    expect(await publishedTypes(database.pool)).toEqual(['run', 'task.failed', 'run.failed']);
  });
});
