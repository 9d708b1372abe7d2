import { setTimeout as sleep } from 'node:timers/promises';
import { CYCLE_TIMEOUT_MS, requestRuns, sized, startChaosPlatform, untilQuiet } from '../support/chaos.ts';
import type { Platform } from '../support/platform.ts';

const TRIGGERS = sized({ ci: 30, full: 200 });
const TRIGGER_EVERY_MS = 300;
const KILL_EVERY = 10;
/** With fewer runs there was little to overlap, however slow the machine. */
const RUNS_MIN = 3;

describe('three schedulers and many triggers', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startChaosPlatform({
      sources: ['wrike'],
      sandbox: { deals: 100 },
      services: ['scheduler', 'scheduler-2', 'scheduler-3', 'loader', 'tap-wrike'],
      restarts: true,
    });
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  const runs = async () => (await platform.database.pool.query('select from pipeline.runs')).rows.length;
  /** Runs of one pipeline that were under way at the same time, from what PostgreSQL remembers. */
  const overlaps = async () =>
    (
      await platform.database.pool.query(
        `select a.id, b.id from pipeline.runs a join pipeline.runs b
           on b.pipeline = a.pipeline and b.id > a.id
          and tstzrange(a.started_at, a.finished_at) && tstzrange(b.started_at, b.finished_at)`,
      )
    ).rows;

  it(
    'run a pipeline once at a time, whoever leads',
    async () => {
      for (let trigger = 0; trigger < TRIGGERS || (await runs()) < RUNS_MIN; trigger += 1) {
        await requestRuns(platform, { fullRead: false });
        const names = ['scheduler', 'scheduler-2', 'scheduler-3'];
        if (trigger < TRIGGERS && trigger % KILL_EVERY === 0)
          await platform.services.get(names[(trigger / KILL_EVERY) % 3] ?? '')?.kill();
        await sleep(TRIGGER_EVERY_MS);
      }
      await untilQuiet(platform);
      expect(await overlaps()).toEqual([]);
      expect(await platform.violations()).toEqual([]);
    },
    TRIGGERS * TRIGGER_EVERY_MS + 2 * CYCLE_TIMEOUT_MS,
  );

  it('could run it twice without the index one_live_run (mutation)', async () => {
    const { pool } = platform.database;
    const twice = `insert into pipeline.runs (cycle_id, pipeline, source)
                   select c.id, p.name, p.source from pipeline.pipelines p, (select id from pipeline.cycles limit 1) c, generate_series(1, 2)`;
    await expect(pool.query(twice)).rejects.toThrow('one_live_run');
    await pool.query('drop index pipeline.one_live_run');
    await pool.query(twice);
    expect(await overlaps()).not.toEqual([]);
  });
});
