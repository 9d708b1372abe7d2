import { waitFor } from '@pipeline/testing';
import {
  CYCLE_TIMEOUT_MS,
  expectExact,
  failedRuns,
  requestRuns,
  startChaosPlatform,
  untilQuiet,
} from '../support/chaos.ts';
import type { Platform } from '../support/platform.ts';

const QUEUE = 'loader.hubspot';

describe('batches that the broker has lost', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startChaosPlatform({ sources: ['hubspot'], sandbox: { deals: 200 } });
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  it(
    'are read again by a new attempt, and the run does not fail',
    async () => {
      const { services, database } = platform;
      await Promise.all([services.get('loader')?.stop(), services.get('loader-2')?.stop()]);
      platform.sandbox.mutations.start({ count: 100, seed: 2 });
      await requestRuns(platform, { fullRead: true });
      const isExtracted = async () => {
        const { rows } = await database.pool.query<{ done: boolean }>(
          `select count(*) > 0 and bool_and(status = 'loading') as done from pipeline.tasks
           where status in ('queued', 'running', 'loading')`,
        );
        return rows[0]?.done;
      };
      await waitFor(isExtracted, { timeoutMs: CYCLE_TIMEOUT_MS, what: 'that everything is extracted' });
      await waitFor(async () => (await platform.queued(QUEUE)) > 0, { what: 'that batches wait' });
      await platform.purge(QUEUE);
      platform.start('loader');
      await untilQuiet(platform);
      await expectExact(platform);
      expect(await failedRuns(platform)).toEqual([]);
      const { rows } = await database.pool.query(`select from pipeline.attempts where error like 'batches were lost%'`);
      expect(rows.length).toBeGreaterThan(0);
    },
    2 * CYCLE_TIMEOUT_MS,
  );
});
