import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalServer, waitFor } from '@pipeline/testing';
import { CYCLE_TIMEOUT_MS, expectBookmarks, expectExact, sized, untilQuiet } from '../support/chaos.ts';
import { ChaosSource } from '../support/chaos-source.ts';
import { fill, startLoad } from '../support/load.ts';
import { type OwnStack, startOwnStack } from '../support/own-stack.ts';
import { startStateProbe } from '../support/state-probe.ts';

/** A deal brings 15 rows with it, so the full form begins with a million. */
const ROWS = sized({
  ci: { deals: 300, events: 5_000, items: 2_000 },
  full: { deals: 40_000, events: 250_000, items: 150_000 },
});
const SERVICE_KILLS = { times: sized({ ci: 15, full: 50 }), everyMs: 2_000 };
const BROKER_KILLS = sized({ ci: { times: 2, everyMs: 12_000 }, full: { times: 8, everyMs: 20_000 } });
const POSTGRES_KILLS = sized({ ci: { times: 2, everyMs: 12_000 }, full: { times: 5, everyMs: 30_000 } });
/** As on a slow disk: so there is something to interrupt. */
const COMMIT_DELAY_US = 20_000;
/** So that the platform waits for the dead as little as it may. */
const SHORT_LEASES = { TAP_LEASE_SECONDS: '4', SCHEDULER_LEASE_SECONDS: '2', STANDSTILL_SECONDS: '5' };
const KILLING_MS = [SERVICE_KILLS, BROKER_KILLS, POSTGRES_KILLS].reduce((sum, k) => sum + k.times * k.everyMs, 0);

describe('killing services, then the broker, then PostgreSQL, again and again', () => {
  let platform: OwnStack;
  let source: ChaosSource;
  beforeAll(async () => {
    source = await ChaosSource.start();
    fill(source, ROWS);
    platform = await startOwnStack({
      ownSource: source,
      sandbox: { deals: ROWS.deals },
      environment: { ...SHORT_LEASES, PIPELINE_NAMES: '' },
      restarts: true,
    });
    await delayCommits(COMMIT_DELAY_US);
    await waitFor(isLoading, { timeoutMs: CYCLE_TIMEOUT_MS, what: 'the first batch' });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  it(
    'never shows a bookmark ahead of its rows, and one quiet read later every table equals its source',
    async () => {
      const probe = startStateProbe(platform.database.pool);
      const load = startLoad(platform, source);
      await repeat(SERVICE_KILLS, killAnyService);
      await repeat(BROKER_KILLS, () => killAndStart(platform.servers.rabbitmq));
      await repeat(POSTGRES_KILLS, () => killAndStart(platform.servers.postgres));
      load.stop();
      await delayCommits(0);
      await untilQuiet(platform);
      // The longer it took, the more has been deleted at the sources.
      const last = { fullRead: true, massDeletes: true, timeoutMs: CYCLE_TIMEOUT_MS };
      expect(await platform.runCycle(last)).toBe('succeeded');
      await expectExact(platform);
      await expectBookmarks(platform);
      const { looks, violations } = await probe.stop();
      expect(violations).toEqual([]);
      expect(looks).toBeGreaterThan(SERVICE_KILLS.times);
    },
    3 * KILLING_MS + 2 * CYCLE_TIMEOUT_MS,
  );

  const delayCommits = async (us: number) => {
    const { pool } = platform.database;
    await pool.query(`alter system set commit_delay = ${us}`);
    await pool.query('alter system set commit_siblings = 0');
    await pool.query('select pg_reload_conf()');
  };

  const isLoading = async () => {
    const { rowCount } = await platform.database.pool.query(
      `select from pg_stat_activity where application_name = 'loader' and xact_start is not null`,
    );
    return rowCount !== 0;
  };

  /** Waits for a moment when a loader has something in hand; after a while any moment is right. */
  const whileLoading = () => waitFor(isLoading, { timeoutMs: 1_500, intervalMs: 10 }).catch(() => undefined);

  const killAnyService = async () => {
    await whileLoading();
    const running = [...platform.services.values()].filter((service) => service.isRunning());
    await running[Math.floor(Math.random() * running.length)]?.kill();
  };

  const killAndStart = async (server: LocalServer) => {
    await whileLoading();
    await server.kill();
    await server.start();
  };

  it('sees a bookmark whose batch is not committed (mutation)', async () => {
    const client = await platform.database.pool.connect();
    try {
      await client.query('begin');
      await client.query(
        `delete from pipeline.ledger l using pipeline.states s where s.is_current and l.epoch = s.epoch and l.seq = s.seq`,
      );
      const { rows } = await client.query('select * from pipeline.violations');
      expect(rows).not.toEqual([]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

async function repeat({ times, everyMs }: { times: number; everyMs: number }, action: () => Promise<void>) {
  for (let count = 0; count < times; count += 1) {
    const due = sleep(everyMs);
    await action();
    await due;
  }
}
