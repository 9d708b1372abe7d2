import { join } from 'node:path';
import { waitFor } from '@pipeline/testing';
import { CYCLE_TIMEOUT_MS, sized, startChaosPlatform, untilQuiet } from '../support/chaos.ts';
import type { Platform } from '../support/platform.ts';

const DAY_MS = 86_400_000;
const INTERVAL_SECONDS = 3;
/** Longer than everything that the last test does. */
const LONG_INTERVAL_SECONDS = 300;
/** What a busy machine may take to start a cycle that is due. */
const LATE_SECONDS_MAX = 30;
const CYCLES = sized({ ci: 1, full: 3 });
const SHIFTED_CLOCK = join(import.meta.dirname, '../support/shifted-clock.ts');

const all = ['scheduler', 'tap-wrike', 'loader'].flatMap((service) => [
  { service, shiftMs: DAY_MS, clock: 'a day ahead' },
  { service, shiftMs: -DAY_MS, clock: 'a day behind' },
]);

describe('a service whose clock is wrong', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startChaosPlatform({
      sources: ['wrike'],
      sandbox: { deals: 50 },
      services: ['scheduler', 'tap-wrike', 'loader'],
      environment: { PIPELINE_INTERVAL_SECONDS: String(INTERVAL_SECONDS) },
    });
    await untilEnded(1, new Date(0));
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  /** Waits until so many cycles have ended that began after this moment, by the database's clock. */
  const untilEnded = (count: number, since: Date) =>
    waitFor(async () => (await history(since)).pauses.length >= count, {
      timeoutMs: CYCLE_TIMEOUT_MS,
      intervalMs: 100,
      what: `the end of ${count} cycles`,
    });
  const restart = async (service: string, environment: Record<string, string> = {}) => {
    await platform.services.get(service)?.stop();
    platform.start(service, environment);
  };
  const now = async () => {
    const { rows } = await platform.database.pool.query<{ now: Date }>('select clock_timestamp() as now');
    return rows[0]?.now ?? new Date();
  };
  /** Has cycles begin and end while the service lives in another time. Returns what PostgreSQL remembers of them. */
  const cyclesWith = async (service: string, shiftMs: number) => {
    await restart(service, { NODE_OPTIONS: `--import ${SHIFTED_CLOCK}`, CLOCK_SHIFT_MS: String(shiftMs) });
    const since = await now();
    await untilEnded(CYCLES, since);
    const log = platform.service(service).log();
    await restart(service);
    return { shiftMs: shiftOf(log), ...(await history(since)) };
  };
  /** Of the ended cycles that began after this moment: the pauses before them, in seconds; attempts that were not simply loaded; runs that overlap. */
  const history = async (since: Date) => {
    const { pool } = platform.database;
    const pauses = await pool.query<{ seconds: number }>(
      `select extract(epoch from started_at - before)::float8 as seconds
       from (select *, lag(finished_at) over (order by started_at) as before from pipeline.cycles) cycles
       where started_at > $1 and finished_at is not null`,
      [since],
    );
    const disturbed = await pool.query(
      `select stream, outcome, error from pipeline.attempts where outcome not in ('loaded', 'interrupted')`,
    );
    const overlaps = await pool.query(
      `select a.id from pipeline.runs a join pipeline.runs b on b.pipeline = a.pipeline and b.id > a.id
         and tstzrange(a.started_at, a.finished_at) && tstzrange(b.started_at, b.finished_at)`,
    );
    return { pauses: pauses.rows.map(({ seconds }) => seconds), disturbed: disturbed.rows, overlaps: overlaps.rows };
  };

  it.each(sized({ ci: all.filter((_, index) => [0, 3, 4].includes(index)), full: all }))(
    'starts no run early, late or twice and loses no lease: $service, $clock',
    async ({ service, shiftMs }) => {
      const seen = await cyclesWith(service, shiftMs);
      expect(Math.abs(seen.shiftMs - shiftMs)).toBeLessThan(DAY_MS / 24);
      expect(seen.pauses.length).toBeGreaterThanOrEqual(CYCLES);
      for (const seconds of seen.pauses) {
        expect(seconds).toBeGreaterThanOrEqual(INTERVAL_SECONDS);
        expect(seconds).toBeLessThan(INTERVAL_SECONDS + LATE_SECONDS_MAX);
      }
      expect(seen.disturbed).toEqual([]);
      expect(seen.overlaps).toEqual([]);
      expect((await platform.cycles()).status).toBe('succeeded');
      expect(await platform.violations()).toEqual([]);
    },
    CYCLE_TIMEOUT_MS,
  );

  it(
    'would start runs early if the scheduler went by its own clock (mutation)',
    async () => {
      const { pool, options } = platform.database;
      const longPause = { PIPELINE_INTERVAL_SECONDS: String(LONG_INTERVAL_SECONDS) };
      await restart('scheduler', longPause);
      await untilQuiet(platform);
      // For the scheduler's sessions, the database's clock is now its own.
      await pool.query(`
        create schema own_clock;
        grant usage on schema own_clock to public;
        create function own_clock.clock_timestamp() returns timestamptz language sql volatile as $$
          select pg_catalog.clock_timestamp() + case current_setting('application_name') when 'scheduler' then interval '1 day' else interval '0' end $$;
        alter database ${options.database} set search_path = own_clock, pg_catalog, public`);
      const since = await now();
      await restart('scheduler', longPause);
      await untilEnded(1, since);
      expect((await history(since)).pauses[0]).toBeLessThan(LONG_INTERVAL_SECONDS);
    },
    CYCLE_TIMEOUT_MS,
  );
});

/** How far the clock was off that wrote this log, in milliseconds. */
function shiftOf(log: string): number {
  const line = log.trimEnd().split('\n').at(-1) ?? '{}';
  const { time } = JSON.parse(line);
  return new Date(time).getTime() - Date.now();
}
