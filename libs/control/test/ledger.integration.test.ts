import type { TestDatabase } from '@pipeline/testing';
import { finalise } from '../src/index.ts';
import { claim, controlDatabase, endCycles, loadBatch, manifestOf, noDeletes, startTasks } from './support.ts';

describe('the ledger', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterEach(() => endCycles(database.pool));
  afterAll(() => database.drop());

  it('takes a batch once, however often and by however many loaders it is delivered', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => loadBatch(database.pool, task, { seq: 0 })));
    expect(outcomes.filter((outcome) => outcome === 'loaded')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'known')).toHaveLength(7);
  });

  it('raises an alarm when a batch comes back with another content', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    await loadBatch(database.pool, task, { seq: 0 });
    const changed = loadBatch(database.pool, task, { seq: 0, sha256: 'f'.repeat(64) });
    await expect(changed).rejects.toMatchObject({ code: 'BATCH_CONTENT_CHANGED' });
  });

  it('fences a redelivery that comes after its task has ended', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    await loadBatch(database.pool, task, { seq: 0, manifest: manifestOf(task, 0) });
    await finalise(database.pool, task.epoch, noDeletes);
    expect(await loadBatch(database.pool, task, { seq: 0 })).toBe('fenced');
  });
});
