import { inTransaction } from '@pipeline/postgres';
import {
  backfillStream,
  claimTask,
  finalise,
  readState,
  refreshStream,
  registerPipeline,
  resetState,
  setState,
  writeState,
} from '../src/index.ts';
import { bookmarked, deals, useControlDatabase } from './operator-fixture.ts';
import { claim, endCycles, manifestOf, noDeletes, PIPELINE, publishedTypes, startTasks } from './support.ts';

const control = useControlDatabase();
const { query, liveClaim, load } = control;

describe('an operator', () => {
  describe('who changes a bookmark during a live run', () => {
    it('ends the attempt, so that its finaliser cannot write the old bookmark back', async () => {
      const old = await liveClaim();
      await load(old, { seq: 0, bookmark: 'of the old attempt', manifest: manifestOf(old, 0) });
      expect(await setState(control.pool, deals, bookmarked('set'))).toEqual({ restarted: true, requested: false });
      expect(await finalise(control.pool, old.epoch, noDeletes)).toBe(true);
      expect(await readState(control.pool, PIPELINE, 'deals')).toEqual(bookmarked('set'));
    });

    it('loses it again when the attempt is left alone (mutation)', async () => {
      const old = await liveClaim();
      await load(old, { seq: 0, bookmark: 'of the old attempt', manifest: manifestOf(old, 0) });
      const value = JSON.stringify(bookmarked('set'));
      await inTransaction(control.pool, (client) =>
        writeState(client, { pipeline: PIPELINE, stream: 'deals', value, epoch: null, seq: null, setBy: 'operator' }),
      );
      await finalise(control.pool, old.epoch, noDeletes);
      expect(await readState(control.pool, PIPELINE, 'deals')).toEqual(bookmarked('of the old attempt'));
    });

    it('has the next attempt begin there, at once and without charge', async () => {
      const old = await liveClaim();
      await publishedTypes(control.pool);
      await setState(control.pool, deals, bookmarked('set'));
      expect(await publishedTypes(control.pool)).toEqual(['run']);
      expect(await load(old, { seq: 1 })).toBe('fenced');
      const next = await claim(control.pool, old.taskId);
      expect(next.epoch).toBeGreaterThan(old.epoch);
      expect(next.state).toEqual(bookmarked('set'));
      expect(await query('select attempts from pipeline.tasks where id = $1', [old.taskId])).toEqual([{ attempts: 1 }]);
    });

    it('is never overwritten, whatever commits, claims and finalises at the same moment', async () => {
      for (let round = 0; round < 20; round += 1) {
        const tasks = await startTasks(control.pool, 'deals');
        const taskId = tasks.get('deals') ?? '';
        const attempt = async () => {
          const task = await claimTask(control.pool, { taskId, claimedBy: 'racer' });
          if (task === undefined) return;
          await load(task, { seq: 0, bookmark: `attempt ${task.epoch}`, manifest: manifestOf(task, 0) });
          await finalise(control.pool, task.epoch, noDeletes);
        };
        const [, change] = await Promise.all([attempt(), setState(control.pool, deals, bookmarked(`round ${round}`))]);
        const states = await query(
          `select a.started_at < s.applied_at as overtaken, a.outcome from pipeline.states s
           join pipeline.attempts a on a.epoch = (select max(epoch) from pipeline.attempts)
           where s.is_current and s.set_by = 'operator'`,
        );
        const now = await readState(control.pool, PIPELINE, 'deals');
        // Either the operator had the last word, or the attempt began from what he set.
        if (states.length === 0) {
          const [last] = await query(
            `select (select max(id) from pipeline.states where set_by = 'operator') <
                    (select max(id) from pipeline.states where set_by = 'finaliser') as "readIt"`,
          );
          expect({ ...last, ...change }).toEqual({ readIt: true, restarted: true, requested: false });
        } else expect(now).toEqual(bookmarked(`round ${round}`));
        await endCycles(control.pool);
      }
    });

    it('keeps the former bookmark as history and says so in the audit log', async () => {
      await startTasks(control.pool, 'deals');
      await setState(control.pool, deals, bookmarked('first'));
      await resetState(control.pool, deals);
      expect(await readState(control.pool, PIPELINE, 'deals')).toBeUndefined();
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
    await registerPipeline(control.pool, {
      name: PIPELINE,
      source: 'test',
      streams: [{ name: 'deals', children: ['deals_companies'] }],
    });
    const change = (stream: string) => resetState(control.pool, { ...deals, stream });
    await expect(change('deals_companies')).rejects.toThrow('use deals');
    await expect(change('tickets')).rejects.toThrow('it reads deals');
    await expect(resetState(control.pool, { ...deals, pipeline: 'nobody' })).rejects.toMatchObject({
      code: 'UNKNOWN_PIPELINE',
    });
    expect(await query('select * from pipeline.audit_log')).toEqual([]);
  });

  it('has a stream read in full by forgetting only when that was last done', async () => {
    const state = {
      ...bookmarked('far'),
      full_read_at: { deals: '2026-01-01T00:00:00Z', owners: '2026-01-01T00:00:00Z' },
    };
    await startTasks(control.pool, 'deals');
    await setState(control.pool, deals, state);
    await endCycles(control.pool);
    expect(await refreshStream(control.pool, deals, { massDeletes: true })).toEqual({
      restarted: false,
      requested: true,
    });
    expect(await readState(control.pool, PIPELINE, 'deals')).toEqual({
      ...bookmarked('far'),
      full_read_at: { owners: '2026-01-01T00:00:00Z' },
    });
    expect(await query('select requested_mass_deletes from pipeline.pipelines')).toEqual([
      { requested_mass_deletes: true },
    ]);
  });

  it('leaves a paused pipeline paused', async () => {
    await startTasks(control.pool, 'deals');
    await endCycles(control.pool);
    await query('update pipeline.pipelines set paused = true');
    const change = await refreshStream(control.pool, deals, { massDeletes: false });
    expect(change).toEqual({ restarted: false, requested: false });
  });

  describe('who backfills', () => {
    const declare = (replicationKey?: string) =>
      registerPipeline(control.pool, {
        name: PIPELINE,
        source: 'test',
        streams: [{ name: 'deals', children: [], ...(replicationKey === undefined ? {} : { replicationKey }) }],
      });
    const bookmark = (value: Record<string, string | number>) =>
      setState(control.pool, deals, { bookmarks: { deals: value } });
    const backfill = (from: string) => backfillStream(control.pool, deals, from);

    it('moves the instant back and drops the place of an interrupted read, nothing else', async () => {
      await declare('updatedDate');
      await bookmark({ updatedDate: '2026-03-01T00:00:00Z', rows: 7, position: 'page 3' });
      await backfill('2026-01-01T00:00:00.000Z');
      expect(await readState(control.pool, PIPELINE, 'deals')).toEqual({
        bookmarks: { deals: { updatedDate: '2026-01-01T00:00:00.000Z', rows: 7 } },
      });
    });

    it('is told why where the bookmark does not allow it', async () => {
      await declare();
      await bookmark({ rows: 1 });
      await expect(backfill('2026-01-01T00:00:00Z')).rejects.toThrow('every run reads all of it');
      await declare('updatedDate');
      await expect(backfill('2026-01-01T00:00:00Z')).rejects.toThrow('has no instant under updatedDate');
      await resetState(control.pool, deals);
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
});
