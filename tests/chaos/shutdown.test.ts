import { setTimeout as sleep } from 'node:timers/promises';
import {
  CYCLE_TIMEOUT_MS,
  expectExact,
  failedRuns,
  requestRuns,
  startChaosPlatform,
  untilQuiet,
} from '../support/chaos.ts';
import type { Platform } from '../support/platform.ts';

const STOP_MS_MAX = 10_000;

describe('a service that is asked to stop under load', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startChaosPlatform({ sandbox: { deals: 400 } });
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  it(
    'exits with 0 within 10 s, one after another, and no run fails',
    async () => {
      for (const [name, service] of [...platform.services]) {
        await requestRuns(platform, { fullRead: true });
        await sleep(1_500);
        const startedAt = performance.now();
        expect([name, await service.stop()]).toEqual([name, 0]);
        expect(performance.now() - startedAt).toBeLessThan(STOP_MS_MAX);
        platform.start(name);
      }
      await untilQuiet(platform);
      await platform.runCycle({ fullRead: true, timeoutMs: CYCLE_TIMEOUT_MS });
      await expectExact(platform);
      expect(await failedRuns(platform)).toEqual([]);
    },
    3 * CYCLE_TIMEOUT_MS,
  );
});
