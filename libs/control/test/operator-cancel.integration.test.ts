import { waitFor } from '@pipeline/testing';
import { cancelRun, claimTask, finalise } from '../src/index.ts';
import { useControlDatabase } from './operator-fixture.ts';
import { claim, manifestOf, noDeletes, publishedTypes, startTasks } from './support.ts';

const control = useControlDatabase();
const { query, load } = control;

describe('an operator who cancels a run', () => {
  it('ends what is live, keeps what is loaded and announces it once', async () => {
    const tasks = await startTasks(control.pool, 'deals', 'owners', 'companies');
    const loaded = await claim(control.pool, tasks.get('owners'));
    await load(loaded, { seq: 0, bookmark: 'kept', manifest: manifestOf(loaded, 0) });
    await finalise(control.pool, loaded.epoch, noDeletes);
    const live = await claim(control.pool, tasks.get('deals'));
    await publishedTypes(control.pool);
    expect(await cancelRun(control.pool, { runId: live.runId, actor: 'operator' })).toBe(2);
    expect(await load(live, { seq: 0 })).toBe('fenced');
    expect(await claimTask(control.pool, { taskId: tasks.get('companies') ?? '', claimedBy: 'late' })).toBeUndefined();
    expect(
      await query('select stream, status from pipeline.tasks where run_id = $1 order by stream', [live.runId]),
    ).toEqual([
      { stream: 'companies', status: 'cancelled' },
      { stream: 'deals', status: 'cancelled' },
      { stream: 'owners', status: 'loaded' },
    ]);
    expect(await publishedTypes(control.pool)).toEqual(['run.cancelled']);
    const again = cancelRun(control.pool, { runId: live.runId, actor: 'operator' });
    await expect(again).rejects.toMatchObject({ code: 'RUN_OVER' });
  });

  it('waits for as many tasks as end meanwhile', async () => {
    const ending = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const tasks = await startTasks(control.pool, ...ending, 'left');
    const [run] = await query('select run_id from pipeline.tasks where id = $1', [tasks.get('left')]);
    const ids = ending.map((stream) => tasks.get(stream) ?? '').toSorted();
    const clients = await Promise.all(ids.map(() => control.pool.connect()));
    const end = `update pipeline.tasks set status = 'failed', error = 'ended', finished_at = clock_timestamp() where id = $1`;
    for (const [index, client] of clients.entries()) {
      await client.query('begin');
      await client.query(end, [ids[index]]);
    }
    const cancelled = cancelRun(control.pool, { runId: String(run?.['run_id']), actor: 'operator' });
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
