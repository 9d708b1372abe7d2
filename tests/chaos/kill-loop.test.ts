import { setTimeout as sleep } from 'node:timers/promises';
import { CYCLE_TIMEOUT_MS, expectExact, requestRuns, sized, startChaosPlatform, untilQuiet } from '../support/chaos.ts';
import type { Platform } from '../support/platform.ts';
import { startStateProbe } from '../support/state-probe.ts';

const KILLS = Number(process.env['CHAOS_KILLS'] ?? sized({ ci: 20, full: 50 }));
const DEALS = Number(process.env['CHAOS_DEALS'] ?? sized({ ci: 300, full: 50_000 }));
const KILL_EVERY_MS = 2_000;
const MUTATE_EVERY_MS = 40;

describe('killing a service every two seconds', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startChaosPlatform({ sandbox: { deals: DEALS }, restarts: true });
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  it(
    'never shows a bookmark ahead of its rows, and one quiet read later every table equals its source',
    async () => {
      const { database, sandbox, services } = platform;
      const probe = startStateProbe(database.pool);
      sandbox.mutations.start({ count: 1_000_000, everyMs: MUTATE_EVERY_MS, seed: 11 });
      for (let kill = 0; kill < KILLS; kill += 1) {
        await requestRuns(platform, { fullRead: kill % 3 === 0 });
        await sleep(KILL_EVERY_MS);
        const names = [...services.keys()];
        await services.get(names[Math.floor(Math.random() * names.length)] ?? '')?.kill();
      }
      sandbox.mutations.stop();
      await untilQuiet(platform);
      expect(await platform.runCycle({ fullRead: true, timeoutMs: CYCLE_TIMEOUT_MS })).toBe('succeeded');
      await expectExact(platform);
      const { looks, violations } = await probe.stop();
      expect(violations).toEqual([]);
      expect(looks).toBeGreaterThan(KILLS);
    },
    KILLS * KILL_EVERY_MS * 3 + 2 * CYCLE_TIMEOUT_MS,
  );

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
