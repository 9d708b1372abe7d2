import { inTransaction } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import { type ApplyDeletes, type Claim, finalise, readState, TASK_ATTEMPTS_MAX } from '../src/index.ts';
import {
  claim,
  commitBatch,
  controlDatabase,
  endCycles,
  loadBatch,
  manifestOf,
  noDeletes,
  PIPELINE,
  publishedTypes,
  startTasks,
} from './support.ts';

describe('the finaliser', () => {
  let database: TestDatabase;
  const statusOf = async (task: Claim) => {
    const { rows } = await database.pool.query<{ status: string }>('select status from pipeline.tasks where id = $1', [
      task.taskId,
    ]);
    return rows[0]?.status;
  };
  const violations = async () => (await database.pool.query('select * from pipeline.violations')).rows;

  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterEach(async () => {
    await endCycles(database.pool);
    await database.pool.query('delete from pipeline.states');
  });
  afterAll(() => database.drop());

  it('does not move the bookmark when a middle batch is missing', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    await loadBatch(database.pool, task, { seq: 0, bookmark: 'first' });
    await loadBatch(database.pool, task, { seq: 2, bookmark: 'third', manifest: manifestOf(task, 2) });
    expect(await finalise(database.pool, task.epoch, noDeletes)).toBe(false);
    expect(await readState(database.pool, PIPELINE, 'deals')).toEqual({ bookmarks: { deals: { at: 'first' } } });
    await loadBatch(database.pool, task, { seq: 1 });
    expect(await finalise(database.pool, task.epoch, noDeletes)).toBe(true);
    expect(await readState(database.pool, PIPELINE, 'deals')).toEqual({ bookmarks: { deals: { at: 'third' } } });
    expect(await violations()).toEqual([]);
  });

  it('ends the run and announces it once, when its last task ends', async () => {
    const tasks = await startTasks(database.pool, 'deals', 'owners');
    await publishedTypes(database.pool);
    const claims = [await claim(database.pool, tasks.get('deals')), await claim(database.pool, tasks.get('owners'))];
    for (const task of claims) await loadBatch(database.pool, task, { seq: 0, manifest: manifestOf(task, 0) });
    await Promise.all([...claims, ...claims].map((task) => finalise(database.pool, task.epoch, noDeletes)));
    expect((await publishedTypes(database.pool)).sort()).toEqual(['run.loaded', 'task.loaded', 'task.loaded']);
    expect(await violations()).toEqual([]);
  });

  it('fails the attempt when rows announced and rows arrived differ, and keeps the bookmark', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    await loadBatch(database.pool, task, { seq: 0, bookmark: 'too far', manifest: manifestOf(task, 0, 7) });
    expect(await finalise(database.pool, task.epoch, noDeletes)).toBe(true);
    expect(await statusOf(task)).toBe('queued');
    expect(await readState(database.pool, PIPELINE, 'deals')).toBeUndefined();
  });

  it('fails the task for good when the deletes are refused', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    await loadBatch(database.pool, task, { seq: 0, bookmark: 'b', manifest: manifestOf(task, 0) });
    const refuse: ApplyDeletes = async () => ({ refused: 'too many' });
    await finalise(database.pool, task.epoch, refuse);
    expect(await statusOf(task)).toBe('failed');
    expect(await readState(database.pool, PIPELINE, 'deals')).toBeUndefined();
  });

  it('deletes nothing for an attempt that did not read to the end', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    await loadBatch(database.pool, task, { seq: 0, bookmark: 'b', manifest: manifestOf(task, 0, 1, false) });
    const applied: number[] = [];
    await finalise(database.pool, task.epoch, async (_client, { epoch }) => {
      applied.push(epoch);
      return { deleted: 1 };
    });
    expect(applied).toEqual([]);
    expect(await statusOf(task)).toBe('incomplete');
    expect(await readState(database.pool, PIPELINE, 'deals')).toEqual({ bookmarks: { deals: { at: 'b' } } });
  });

  it('carries out the deletes of the other streams when one is incomplete, and says why in task and run', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    const deals = { rows: 1, deletes: { kind: 'absent' } } as const;
    const links = { rows: 0, deletes: { kind: 'none' }, incomplete: 'SOURCE_FORBIDDEN: no scope' } as const;
    const manifest = { lastSeq: 0, complete: true, streams: { deals, links } };
    await loadBatch(database.pool, task, { seq: 0, bookmark: 'b', manifest });
    const applied: number[] = [];
    await finalise(database.pool, task.epoch, async (_client, { epoch }) => {
      applied.push(epoch);
      return { deleted: 0 };
    });
    expect(applied).toEqual([task.epoch]);
    const { rows } = await database.pool.query<{ status: string; task: string; run: string }>(
      `select t.status, t.error as task, r.error as run from pipeline.tasks t join pipeline.runs r on r.id = t.run_id where t.id = $1`,
      [task.taskId],
    );
    const reason = 'links: SOURCE_FORBIDDEN: no scope';
    expect(rows).toEqual([{ status: 'incomplete', task: reason, run: `deals: ${reason}` }]);
    expect(await readState(database.pool, PIPELINE, 'deals')).toEqual({ bookmarks: { deals: { at: 'b' } } });
  });

  it.each([
    ['a loader', `update pipeline.ledger set rejected = 1 where epoch = $1`],
    [
      'the tap',
      `insert into pipeline.rejected_records (pipeline, stream, epoch, reason, record) values ('${PIPELINE}', 'deals', $1, 'too large', '{}')`,
    ],
  ])('takes no row for gone whose record %s rejected', async (_, reject) => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    const gone = { rows: 2, deletes: { kind: 'absent' } } as const;
    const owners = { rows: 0, deletes: { kind: 'absent' } } as const;
    await loadBatch(database.pool, task, {
      seq: 0,
      rows: 2,
      manifest: { lastSeq: 0, complete: true, streams: { deals: gone, owners } },
    });
    await database.pool.query(reject, [task.epoch]);
    let rules: unknown;
    await finalise(database.pool, task.epoch, async (_client, { manifest }) => {
      rules = Object.entries(manifest.streams).map(([stream, { deletes }]) => [stream, deletes.kind]);
      return { deleted: 0 };
    });
    expect(rules).toEqual([
      ['deals', 'none'],
      ['owners', 'absent'],
    ]);
    expect(await statusOf(task)).toBe('loaded');
  });

  describe('with three of four records rejected', () => {
    const finaliseRejected = async (rejectedShare: number) => {
      const tasks = await startTasks(database.pool, 'deals');
      const task = await claim(database.pool, tasks.get('deals'));
      const said = { rows: 4, deletes: { kind: 'none' } } as const;
      await loadBatch(database.pool, task, {
        seq: 0,
        rows: 4,
        bookmark: 'a',
        manifest: { lastSeq: 0, complete: true, streams: { deals: said } },
      });
      await database.pool.query('update pipeline.ledger set rejected = 3 where epoch = $1', [task.epoch]);
      await finalise(database.pool, task.epoch, noDeletes, { rejectedShare });
      const { rows } = await database.pool.query<{ status: string; error: string | null }>(
        'select status, error from pipeline.tasks where id = $1',
        [task.taskId],
      );
      return { ...rows[0], state: await readState(database.pool, PIPELINE, 'deals') };
    };

    it('fails at once, says how many, and moves no bookmark', async () => {
      const error = expect.stringMatching(/deals: 3 of 4 records do not fit.*rejected_records/);
      expect(await finaliseRejected(0.01)).toMatchObject({ status: 'failed', error, state: undefined });
    });

    it('would be a success whose bookmark has passed them without the rule (mutation)', async () => {
      expect(await finaliseRejected(1)).toMatchObject({
        status: 'loaded',
        state: { bookmarks: { deals: { at: 'a' } } },
      });
    });
  });

  describe('with eight loaders that commit at the same moment', () => {
    const ATTEMPTS = 25;
    const LOADERS = 8;

    /** Attempts that hang although every batch is in. */
    async function hanging(load: (task: Claim, seq: number) => Promise<void>): Promise<number> {
      let count = 0;
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const tasks = await startTasks(database.pool, 'deals');
        const task = await claim(database.pool, tasks.get('deals'));
        await Promise.all(Array.from({ length: LOADERS }, (_, seq) => load(task, seq)));
        if ((await statusOf(task)) !== 'loaded') count += 1;
        await endCycles(database.pool);
      }
      return count;
    }
    const options = (task: Claim, seq: number) => ({
      seq,
      bookmark: `b${seq}`,
      ...(seq === LOADERS - 1 ? { manifest: manifestOf(task, seq) } : {}),
    });

    it('finalises every attempt', async () => {
      const hung = await hanging(async (task, seq) => {
        await loadBatch(database.pool, task, options(task, seq));
        await finalise(database.pool, task.epoch, noDeletes);
      });
      expect(hung).toBe(0);
    });

    it('leaves attempts hanging when the last batch decides inside its own transaction (mutation)', async () => {
      const hung = await hanging((task, seq) =>
        inTransaction(database.pool, async (client) => {
          await commitBatch(client, task, options(task, seq));
          const { rows } = await client.query<{ n: string }>(
            'select count(*) as n from pipeline.ledger where epoch = $1',
            [task.epoch],
          );
          if (Number(rows[0]?.n) === LOADERS) {
            await client.query(`update pipeline.tasks set status = 'loaded' where id = $1`, [task.taskId]);
          }
        }),
      );
      expect(hung).toBeGreaterThan(0);
    });
  });

  it(`gives a task ${TASK_ATTEMPTS_MAX} attempts when rows keep missing`, async () => {
    const tasks = await startTasks(database.pool, 'deals');
    let task: Claim | undefined;
    for (let attempt = 0; attempt < TASK_ATTEMPTS_MAX; attempt += 1) {
      task = await claim(database.pool, tasks.get('deals'));
      await loadBatch(database.pool, task, { seq: 0, manifest: manifestOf(task, 0, 2) });
      await finalise(database.pool, task.epoch, noDeletes);
    }
    expect(task && (await statusOf(task))).toBe('failed');
  });
});
