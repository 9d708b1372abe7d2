import { HISTORY_DAYS, prune } from '@pipeline/control';
import { growthPerMinute, waitFor } from '@pipeline/testing';
import {
  CYCLE_TIMEOUT_MS,
  expectExact,
  failedRuns,
  requestRuns,
  sized,
  startChaosPlatform,
  untilQuiet,
} from '../support/chaos.ts';
import { deadRows, type Measure, measure } from '../support/footprint.ts';
import type { Platform } from '../support/platform.ts';

const SOAK_MS = sized({ ci: 60_000, full: 30 * 60_000 });
const RUN_EVERY_MS = sized({ ci: 3_000, full: 10_000 });
const LOOK_EVERY_MS = sized({ ci: 1_000, full: 10_000 });
const MUTATE_EVERY_MS = 200;
/** Caches, pools and compiled code fill up in this share of the time. */
const WARM_UP_SHARE = 1 / 2;
/** Of one table: what changes in the second after a VACUUM. */
const DEAD_ROWS_MAX = 200;

/** Most growth per minute: MiB, handles, rows. A minute of the short form is noise for the most part. */
const GROWTH_MAX: Record<Measure, number> = sized({
  ci: {
    // The leak of the mutation is 240; what a loader fills in its first minutes was 58 once.
    memory: 150,
    handles: 6,
    'catalog rows': 10,
    'catalog size': 10,
    'temporary tables per session': 8,
    // Of some fifty: what the sources change in a minute is not the same each time.
    'ledger rows per run': 15,
  },
  full: {
    memory: 1,
    handles: 0.1,
    'catalog rows': 1,
    'catalog size': 0.1,
    'temporary tables per session': 0.2,
    'ledger rows per run': 0.05,
  },
});

/** So many that of a small table more may go than is believed: every run consents. */
const MUTATIONS_BEFORE = 2_000;
/** A young generation that is soon full: what memory is left is in use. */
const COLLECT_OFTEN = { NODE_OPTIONS: '--max-semi-space-size=4' };
/** Keeps four MiB and four handles a second. */
const LEAK = `import { openSync } from 'node:fs';
  const kept = [];
  setInterval(() => kept.push(Buffer.alloc(1024 * 1024, 1), openSync('/dev/null')), 250);`;
const LEAK_MS = 10_000;

describe('a platform that runs on and on', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startChaosPlatform({
      hasAllStreams: true,
      sandbox: { deals: 100 },
      environment: COLLECT_OFTEN,
    });
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
    // Whatever brings a table or a column for the first time has happened before growth is looked for.
    platform.sandbox.mutations.start({ count: MUTATIONS_BEFORE, seed: 1 });
    await platform.runCycle({ fullRead: true, massDeletes: true, timeoutMs: CYCLE_TIMEOUT_MS });
  }, 2 * CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  it(
    'grows neither in memory, nor in handles, nor in the catalog, nor in what a run leaves behind',
    async () => {
      platform.sandbox.mutations.start({ count: 1_000_000, everyMs: MUTATE_EVERY_MS, seed: 7 });
      const growing: string[] = [];
      const asking = setInterval(() => {
        void requestRuns(platform, { massDeletes: true }).catch(() => undefined);
      }, RUN_EVERY_MS);
      const series = await measure(platform, { everyMs: LOOK_EVERY_MS, forMs: SOAK_MS }).finally(() => {
        clearInterval(asking);
        platform.sandbox.mutations.stop();
      });
      for (const { measure, of, samples } of series) {
        const perMinute = growthPerMinute(samples.filter(({ atMs }) => atMs > WARM_UP_SHARE * SOAK_MS));
        process.stderr.write(`${measure} of ${of}: ${perMinute.toFixed(2)} a minute\n`);
        if (perMinute > GROWTH_MAX[measure]) growing.push(`${measure} of ${of}: ${perMinute}`);
      }
      expect(growing).toEqual([]);

      await untilQuiet(platform);
      await platform.runCycle({ fullRead: true, massDeletes: true, timeoutMs: CYCLE_TIMEOUT_MS });
      await expectExact(platform);
      expect(await failedRuns(platform)).toEqual([]);
    },
    SOAK_MS + 2 * CYCLE_TIMEOUT_MS,
  );

  it('sees that a loader keeps memory and handles (mutation)', async () => {
    const code = `data:text/javascript;base64,${Buffer.from(LEAK).toString('base64')}`;
    const leaking = platform.start('loader-3', { NODE_OPTIONS: `${COLLECT_OFTEN.NODE_OPTIONS} --import=${code}` });
    await waitFor(() => leaking.log().includes('"started"'), { timeoutMs: 30_000, what: 'a third loader' });
    const series = await measure(platform, { everyMs: 250, forMs: LEAK_MS });
    await leaking.stop();
    platform.services.delete('loader-3');
    const grows = series
      .filter(({ measure, samples }) => growthPerMinute(samples) > GROWTH_MAX[measure])
      .map(({ measure, of }) => `${measure} of ${of}`);
    expect(grows).toEqual(expect.arrayContaining(['memory of loader-3', 'handles of loader-3']));
  }, 60_000);

  it('leaves no dead row that VACUUM could not take away', async () => {
    const { pool } = platform.database;
    await waitFor(
      async () => {
        await pool.query('vacuum');
        return (await deadRows(pool)) < DEAD_ROWS_MAX;
      },
      { timeoutMs: 30_000, intervalMs: 1_000, what: 'that VACUUM finds nothing held back' },
    );
  });

  it(
    'has dead rows that VACUUM cannot take away while a transaction stays open (mutation)',
    async () => {
      const { pool } = platform.database;
      const client = await pool.connect();
      try {
        await client.query('set idle_in_transaction_session_timeout = 0');
        await client.query('begin isolation level repeatable read');
        await client.query('select count(*) from pipeline.cycles');
        await platform.runCycle({ fullRead: true, timeoutMs: CYCLE_TIMEOUT_MS });
        await pool.query('vacuum');
        await waitFor(async () => (await deadRows(pool)) >= DEAD_ROWS_MAX, { what: 'that dead rows stay' });
      } finally {
        client.release(true);
      }
    },
    CYCLE_TIMEOUT_MS + 60_000,
  );

  it(
    'forgets the ledger of cycles whose retention has passed',
    async () => {
      await untilQuiet(platform);
      const client = await platform.database.pool.connect();
      try {
        await client.query('begin');
        await client.query(`update pipeline.cycles set finished_at = finished_at - make_interval(days => $1)`, [
          HISTORY_DAYS,
        ]);
        await prune(client);
        expect((await client.query('select from pipeline.ledger limit 1')).rowCount).toBe(0);
      } finally {
        await client.query('rollback');
        client.release();
      }
    },
    CYCLE_TIMEOUT_MS,
  );
});
