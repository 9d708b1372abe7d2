import { PipelineError } from '@pipeline/protocol';
import type { TestDatabase } from '@pipeline/testing';
import {
  claimTask,
  failTask,
  finalise,
  isCurrentEpoch,
  releaseTask,
  renewLease,
  TASK_ATTEMPTS_MAX,
} from '../src/index.ts';
import {
  claim,
  controlDatabase,
  endCycles,
  loadBatch,
  manifestOf,
  noDeletes,
  publishedTypes,
  startTasks,
} from './support.ts';

describe('a task', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterEach(() => endCycles(database.pool));
  afterAll(() => database.drop());

  it('is claimed by exactly one of many taps', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        claimTask(database.pool, { taskId: tasks.get('deals') ?? '', claimedBy: `tap-${index}` }),
      ),
    );
    expect(claims.filter((claimed) => claimed !== undefined)).toHaveLength(1);
  });

  it('goes on from the last applied bookmark in a new attempt, with a greater epoch', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const first = await claim(database.pool, tasks.get('deals'));
    expect(first.state).toEqual({ bookmarks: {} });
    await loadBatch(database.pool, first, { seq: 0, bookmark: 'half' });
    await finalise(database.pool, first.epoch, noDeletes);
    await failTask(database.pool, first.epoch, { error: new Error('the source went away'), retry: true });
    const second = await claim(database.pool, tasks.get('deals'));
    expect(second.epoch).toBeGreaterThan(first.epoch);
    expect(second.state).toEqual({ bookmarks: { deals: { at: 'half' } } });
  });

  it('refuses every batch of an attempt that is over', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const first = await claim(database.pool, tasks.get('deals'));
    await failTask(database.pool, first.epoch, { error: 'gone', retry: true });
    expect(await loadBatch(database.pool, first, { seq: 0 })).toBe('fenced');
    const second = await claim(database.pool, tasks.get('deals'));
    expect(await loadBatch(database.pool, first, { seq: 1 })).toBe('fenced');
    expect(await loadBatch(database.pool, second, { seq: 0 })).toBe('loaded');
  });

  it('loses its lease when the attempt is ended, so that the tap stops', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const first = await claim(database.pool, tasks.get('deals'));
    expect(await renewLease(database.pool, first.epoch)).toBe(true);
    await failTask(database.pool, first.epoch, { error: 'gone', retry: true });
    expect(await renewLease(database.pool, first.epoch)).toBe(false);
  });

  it(`fails after ${TASK_ATTEMPTS_MAX} attempts, and its run with it`, async () => {
    const tasks = await startTasks(database.pool, 'deals');
    await publishedTypes(database.pool);
    for (let attempt = 0; attempt < TASK_ATTEMPTS_MAX; attempt += 1) {
      const { epoch } = await claim(database.pool, tasks.get('deals'));
      await failTask(database.pool, epoch, { error: new Error(`failure ${attempt}`), retry: true });
    }
    const { rows } = await database.pool.query('select status, error from pipeline.tasks where id = $1', [
      tasks.get('deals'),
    ]);
    expect(rows).toEqual([{ status: 'failed', error: `failure ${TASK_ATTEMPTS_MAX - 1}` }]);
    expect(await publishedTypes(database.pool)).toEqual([
      ...Array.from({ length: TASK_ATTEMPTS_MAX - 1 }, () => 'run'),
      'task.failed',
      'run.failed',
    ]);
  });

  it.each([
    [new PipelineError({ code: 'SOURCE_FORBIDDEN', recovery: 'fix-config', message: 'no scope' }), 'SOURCE_FORBIDDEN'],
    [Object.assign(new Error('permission denied for table deals'), { code: '42501' }), '42501'],
    ['SOURCE_REFUSED: 409 from the source', 'SOURCE_REFUSED'],
    ['the account NOT_FOUND is gone', null],
    [new TypeError('x is not a function'), null],
  ])('keeps the code of what failed it, and guesses none: %s', async (error, code) => {
    const tasks = await startTasks(database.pool, 'deals');
    const { epoch } = await claim(database.pool, tasks.get('deals'));
    await failTask(database.pool, epoch, { error, retry: false });
    const { rows } = await database.pool.query(
      `select t.error_code as task, a.error_code as attempt from pipeline.tasks t join pipeline.attempts a on a.task_id = t.id where a.epoch = $1`,
      [epoch],
    );
    expect(rows).toEqual([{ task: code, attempt: code }]);
  });

  it('is not charged for an attempt that a shutdown interrupted', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    for (let attempt = 0; attempt <= TASK_ATTEMPTS_MAX; attempt += 1) {
      const { epoch } = await claim(database.pool, tasks.get('deals'));
      await releaseTask(database.pool, epoch);
    }
    const last = await claim(database.pool, tasks.get('deals'));
    await loadBatch(database.pool, last, { seq: 0, manifest: manifestOf(last, 0) });
    expect(await finalise(database.pool, last.epoch, noDeletes)).toBe(true);
  });

  it('holds its fence against a claim until the batch is committed', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const first = await claim(database.pool, tasks.get('deals'));
    const loader = await database.pool.connect();
    await loader.query('begin');
    expect(await isCurrentEpoch(loader, first.taskId, first.epoch)).toBe(true);
    const failing = failTask(database.pool, first.epoch, { error: 'gone', retry: true });
    const early = await Promise.race([
      failing.then(() => 'moved'),
      new Promise((resolve) => setTimeout(resolve, 200, 'waits')),
    ]);
    await loader.query('commit');
    loader.release();
    await failing;
    expect(early).toBe('waits');
  });
});
