import { inTransaction } from '@pipeline/postgres';
import { type TestDatabase, waitFor } from '@pipeline/testing';
import {
  archiveDeadLetter,
  backfillStream,
  cancelRun,
  claimTask,
  discardDeadLetter,
  finalise,
  readState,
  refreshStream,
  registerPipeline,
  replayDeadLetter,
  resetState,
  setState,
  skipDeadLetter,
  writeState,
} from '../src/index.ts';
import {
  type BatchOptions,
  claim,
  controlDatabase,
  endCycles,
  headersOf,
  loadBatch,
  manifestOf,
  noDeletes,
  PIPELINE,
  publishedTypes,
  startTasks,
} from './support.ts';

type Claimed = Awaited<ReturnType<typeof claim>>;

const deals = { pipeline: PIPELINE, stream: 'deals', actor: 'operator' };
const bookmarked = (at: string) => ({ bookmarks: { deals: { at } } });

describe('an operator', () => {
  let database: TestDatabase;
  const query = async (text: string, values: unknown[] = []) => (await database.pool.query(text, values)).rows;
  const liveClaim = async () => {
    const tasks = await startTasks(database.pool, 'deals');
    return claim(database.pool, tasks.get('deals'));
  };
  const load = (task: Claimed, options: BatchOptions) => loadBatch(database.pool, task, options);

  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterEach(async () => {
    expect(await query('select * from pipeline.violations')).toEqual([]);
    await endCycles(database.pool);
    for (const table of ['states', 'dead_letters', 'audit_log']) await query(`delete from pipeline.${table}`);
    await query('update pipeline.pipelines set paused = false, requested_at = null');
    await publishedTypes(database.pool);
  });
  afterAll(() => database.drop());

  describe('who changes a bookmark during a live run', () => {
    it('ends the attempt, so that its finaliser cannot write the old bookmark back', async () => {
      const old = await liveClaim();
      await load(old, { seq: 0, bookmark: 'of the old attempt', manifest: manifestOf(old, 0) });
      expect(await setState(database.pool, deals, bookmarked('set'))).toEqual({ restarted: true, requested: false });
      expect(await finalise(database.pool, old.epoch, noDeletes)).toBe(true);
      expect(await readState(database.pool, PIPELINE, 'deals')).toEqual(bookmarked('set'));
    });

    it('loses it again when the attempt is left alone (mutation)', async () => {
      const old = await liveClaim();
      await load(old, { seq: 0, bookmark: 'of the old attempt', manifest: manifestOf(old, 0) });
      const value = JSON.stringify(bookmarked('set'));
      await inTransaction(database.pool, (client) =>
        writeState(client, { pipeline: PIPELINE, stream: 'deals', value, epoch: null, seq: null, setBy: 'operator' }),
      );
      await finalise(database.pool, old.epoch, noDeletes);
      expect(await readState(database.pool, PIPELINE, 'deals')).toEqual(bookmarked('of the old attempt'));
    });

    it('has the next attempt begin there, at once and without charge', async () => {
      const old = await liveClaim();
      await publishedTypes(database.pool);
      await setState(database.pool, deals, bookmarked('set'));
      expect(await publishedTypes(database.pool)).toEqual(['run']);
      expect(await load(old, { seq: 1 })).toBe('fenced');
      const next = await claim(database.pool, old.taskId);
      expect(next.epoch).toBeGreaterThan(old.epoch);
      expect(next.state).toEqual(bookmarked('set'));
      expect(await query('select attempts from pipeline.tasks where id = $1', [old.taskId])).toEqual([{ attempts: 1 }]);
    });

    it('is never overwritten, whatever commits, claims and finalises at the same moment', async () => {
      for (let round = 0; round < 20; round += 1) {
        const tasks = await startTasks(database.pool, 'deals');
        const taskId = tasks.get('deals') ?? '';
        const attempt = async () => {
          const task = await claimTask(database.pool, { taskId, claimedBy: 'racer' });
          if (task === undefined) return;
          await load(task, { seq: 0, bookmark: `attempt ${task.epoch}`, manifest: manifestOf(task, 0) });
          await finalise(database.pool, task.epoch, noDeletes);
        };
        const [, change] = await Promise.all([attempt(), setState(database.pool, deals, bookmarked(`round ${round}`))]);
        const states = await query(
          `select a.started_at < s.applied_at as overtaken, a.outcome from pipeline.states s
           join pipeline.attempts a on a.epoch = (select max(epoch) from pipeline.attempts)
           where s.is_current and s.set_by = 'operator'`,
        );
        const now = await readState(database.pool, PIPELINE, 'deals');
        // Either the operator had the last word, or the attempt began from what he set.
        if (states.length === 0) {
          const [last] = await query(
            `select (select max(id) from pipeline.states where set_by = 'operator') <
                    (select max(id) from pipeline.states where set_by = 'finaliser') as "readIt"`,
          );
          expect({ ...last, ...change }).toEqual({ readIt: true, restarted: true, requested: false });
        } else expect(now).toEqual(bookmarked(`round ${round}`));
        await endCycles(database.pool);
      }
    });

    it('keeps the former bookmark as history and says so in the audit log', async () => {
      await startTasks(database.pool, 'deals');
      await setState(database.pool, deals, bookmarked('first'));
      await resetState(database.pool, deals);
      expect(await readState(database.pool, PIPELINE, 'deals')).toBeUndefined();
      expect(await query('select value, set_by, is_current from pipeline.states')).toEqual([
        { value: bookmarked('first'), set_by: 'operator', is_current: false },
      ]);
      expect(await query('select actor, action, target from pipeline.audit_log order by id')).toEqual([
        { actor: 'operator', action: 'set-state', target: `${PIPELINE}/deals` },
        { actor: 'operator', action: 'reset-state', target: `${PIPELINE}/deals` },
      ]);
    });
  });

  it('says which stream to use instead of a child stream, and which streams there are', async () => {
    await registerPipeline(database.pool, {
      name: PIPELINE,
      source: 'test',
      streams: [{ name: 'deals', children: ['deals_companies'] }],
    });
    const change = (stream: string) => resetState(database.pool, { ...deals, stream });
    await expect(change('deals_companies')).rejects.toThrow('use deals');
    await expect(change('tickets')).rejects.toThrow('it reads deals');
    await expect(resetState(database.pool, { ...deals, pipeline: 'nobody' })).rejects.toMatchObject({
      code: 'UNKNOWN_PIPELINE',
    });
    expect(await query('select * from pipeline.audit_log')).toEqual([]);
  });

  it('has a stream read in full by forgetting only when that was last done', async () => {
    const state = {
      ...bookmarked('far'),
      full_read_at: { deals: '2026-01-01T00:00:00Z', owners: '2026-01-01T00:00:00Z' },
    };
    await startTasks(database.pool, 'deals');
    await setState(database.pool, deals, state);
    await endCycles(database.pool);
    expect(await refreshStream(database.pool, deals, { massDeletes: true })).toEqual({
      restarted: false,
      requested: true,
    });
    expect(await readState(database.pool, PIPELINE, 'deals')).toEqual({
      ...bookmarked('far'),
      full_read_at: { owners: '2026-01-01T00:00:00Z' },
    });
    expect(await query('select requested_mass_deletes from pipeline.pipelines')).toEqual([
      { requested_mass_deletes: true },
    ]);
  });

  it('leaves a paused pipeline paused', async () => {
    await startTasks(database.pool, 'deals');
    await endCycles(database.pool);
    await query('update pipeline.pipelines set paused = true');
    const change = await refreshStream(database.pool, deals, { massDeletes: false });
    expect(change).toEqual({ restarted: false, requested: false });
  });

  describe('who backfills', () => {
    const declare = (replicationKey?: string) =>
      registerPipeline(database.pool, {
        name: PIPELINE,
        source: 'test',
        streams: [{ name: 'deals', children: [], ...(replicationKey === undefined ? {} : { replicationKey }) }],
      });
    const bookmark = (value: Record<string, string | number>) =>
      setState(database.pool, deals, { bookmarks: { deals: value } });
    const backfill = (from: string) => backfillStream(database.pool, deals, from);

    it('moves the instant back and drops the place of an interrupted read, nothing else', async () => {
      await declare('updatedDate');
      await bookmark({ updatedDate: '2026-03-01T00:00:00Z', rows: 7, position: 'page 3' });
      await backfill('2026-01-01T00:00:00.000Z');
      expect(await readState(database.pool, PIPELINE, 'deals')).toEqual({
        bookmarks: { deals: { updatedDate: '2026-01-01T00:00:00.000Z', rows: 7 } },
      });
    });

    it('is told why where the bookmark does not allow it', async () => {
      await declare();
      await bookmark({ rows: 1 });
      await expect(backfill('2026-01-01T00:00:00Z')).rejects.toThrow('every run reads all of it');
      await declare('updatedDate');
      await expect(backfill('2026-01-01T00:00:00Z')).rejects.toThrow('has no instant under updatedDate');
      await resetState(database.pool, deals);
      await expect(backfill('2026-01-01T00:00:00Z')).rejects.toThrow('its next run reads everything anyway');
    });

    it('cannot skip what was never read', async () => {
      await declare('updatedDate');
      await bookmark({ updatedDate: '2026-01-01T00:00:00Z' });
      await expect(backfill('2026-01-01T00:00:00Z')).rejects.toMatchObject({ code: 'BACKFILL_IMPOSSIBLE' });
      await expect(backfill('2026-01-02T00:00:00Z')).rejects.toThrow('would leave out');
    });

    it('cannot double the rows of a table without a key', async () => {
      await declare('updatedDate');
      await bookmark({ updatedDate: '2026-03-01T00:00:00Z' });
      await query(`insert into pipeline.target_tables values ('test', 'deals', 'deals', '{}')`);
      await expect(backfill('2026-01-01T00:00:00Z')).rejects.toThrow('no key');
      await query('delete from pipeline.target_tables');
    });
  });

  describe('who cancels a run', () => {
    it('ends what is live, keeps what is loaded and announces it once', async () => {
      const tasks = await startTasks(database.pool, 'deals', 'owners', 'companies');
      const loaded = await claim(database.pool, tasks.get('owners'));
      await load(loaded, { seq: 0, bookmark: 'kept', manifest: manifestOf(loaded, 0) });
      await finalise(database.pool, loaded.epoch, noDeletes);
      const live = await claim(database.pool, tasks.get('deals'));
      await publishedTypes(database.pool);
      expect(await cancelRun(database.pool, { runId: live.runId, actor: 'operator' })).toBe(2);
      expect(await load(live, { seq: 0 })).toBe('fenced');
      expect(
        await claimTask(database.pool, { taskId: tasks.get('companies') ?? '', claimedBy: 'late' }),
      ).toBeUndefined();
      expect(
        await query('select stream, status from pipeline.tasks where run_id = $1 order by stream', [live.runId]),
      ).toEqual([
        { stream: 'companies', status: 'cancelled' },
        { stream: 'deals', status: 'cancelled' },
        { stream: 'owners', status: 'loaded' },
      ]);
      expect(await publishedTypes(database.pool)).toEqual(['run.cancelled']);
      const again = cancelRun(database.pool, { runId: live.runId, actor: 'operator' });
      await expect(again).rejects.toMatchObject({ code: 'RUN_OVER' });
    });

    it('waits for as many tasks as end meanwhile', async () => {
      const ending = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      const tasks = await startTasks(database.pool, ...ending, 'left');
      const [run] = await query('select run_id from pipeline.tasks where id = $1', [tasks.get('left')]);
      const ids = ending.map((stream) => tasks.get(stream) ?? '').toSorted();
      const clients = await Promise.all(ids.map(() => database.pool.connect()));
      const end = `update pipeline.tasks set status = 'failed', error = 'ended', finished_at = clock_timestamp() where id = $1`;
      for (const [index, client] of clients.entries()) {
        await client.query('begin');
        await client.query(end, [ids[index]]);
      }
      const cancelled = cancelRun(database.pool, { runId: String(run.run_id), actor: 'operator' });
      for (const client of clients) {
        const { rows } = await client.query('select pg_backend_pid() as pid');
        await waitFor(
          async () =>
            (await query('select from pg_locks where not granted and $1 = any(pg_blocking_pids(pid))', [rows[0].pid]))
              .length > 0,
        );
        await client.query('commit');
        client.release();
      }
      expect(await cancelled).toBe(1);
    });
  });

  describe('who deals with the dead letter of a batch', () => {
    const archive = async (task: Claimed, options: BatchOptions) => {
      const manifest = options.manifest === undefined ? {} : { manifest: JSON.stringify(options.manifest) };
      await archiveDeadLetter(database.pool, {
        queue: 'loader.test',
        exchange: 'pipeline.singer',
        routingKey: 'singer.test.deals',
        messageId: `${task.epoch}/${options.seq}`,
        reason: 'rejected',
        properties: {},
        headers: { ...headersOf(task, options), ...manifest },
        body: Buffer.from('bytes'),
      });
      const [row] = await query('select max(id)::text as id from pipeline.dead_letters');
      return { id: String(row.id), actor: 'operator' };
    };
    const sent: string[] = [];
    const publish = async ({ messageId }: { messageId: string | null }) => void sent.push(String(messageId));
    beforeEach(() => sent.splice(0));

    it('replays it while its attempt is live', async () => {
      const task = await liveClaim();
      const letter = await archive(task, { seq: 3 });
      expect(await replayDeadLetter(database.pool, letter, publish)).toBe('sent');
      expect(sent).toEqual([`${task.epoch}/3`]);
      await expect(replayDeadLetter(database.pool, letter, publish)).rejects.toMatchObject({
        code: 'DEAD_LETTER_CLOSED',
      });
    });

    it('sends nothing if it is loaded, also when its attempt is over', async () => {
      const task = await liveClaim();
      await load(task, { seq: 0, manifest: manifestOf(task, 0) });
      await finalise(database.pool, task.epoch, noDeletes);
      expect(await replayDeadLetter(database.pool, await archive(task, { seq: 0 }), publish)).toBe('already-loaded');
      expect(sent).toEqual([]);
    });

    it('is refused when its attempt was superseded, and when another content has its id', async () => {
      const task = await liveClaim();
      await load(task, { seq: 0 });
      const changed = await archive(task, { seq: 0, sha256: 'f'.repeat(64) });
      await expect(replayDeadLetter(database.pool, changed, publish)).rejects.toMatchObject({
        code: 'BATCH_CONTENT_CHANGED',
      });
      const late = await archive(task, { seq: 1 });
      await setState(database.pool, deals, bookmarked('moved'));
      await expect(replayDeadLetter(database.pool, late, publish)).rejects.toMatchObject({ code: 'ATTEMPT_OVER' });
      await expect(skipDeadLetter(database.pool, late)).rejects.toMatchObject({ code: 'ATTEMPT_OVER' });
      await discardDeadLetter(database.pool, late);
      expect(sent).toEqual([]);
    });

    it('skips it: the attempt ends without its rows, and deletes nothing', async () => {
      const task = await liveClaim();
      await load(task, { seq: 0 });
      const manifest = manifestOf(task, 1, 8);
      const letter = await archive(task, { seq: 1, rows: 7, manifest });
      expect(await skipDeadLetter(database.pool, letter)).toEqual({ rows: 7 });
      const deletes: number[] = [];
      await finalise(database.pool, task.epoch, async () => ({ deleted: deletes.push(1) }));
      expect(deletes).toEqual([]);
      expect(await query('select status from pipeline.tasks where id = $1', [task.taskId])).toEqual([
        { status: 'incomplete' },
      ]);
      expect(
        await query('select rows_loaded::int, rows_rejected::int from pipeline.stream_runs where run_id = $1', [
          task.runId,
        ]),
      ).toEqual([{ rows_loaded: 1, rows_rejected: 7 }]);
    });
  });
});
