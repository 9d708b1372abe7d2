import { setTimeout as sleep } from 'node:timers/promises';
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
import { metric } from '../support/service-http.ts';
import type { ServiceProcess } from '../support/service-process.ts';

const STOP_MS_MAX = 10_000;

describe('a service that is asked to stop under load', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startChaosPlatform({ sandbox: { deals: 400 } });
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  /** Batches that came although they were committed before. */
  const comeAgain = (service: ServiceProcess) => metric(service, 'loader_batches_total', { outcome: 'known' });
  const loaders = () => ['loader', 'loader-2'].map((name) => platform.service(name));

  it(
    'exits with 0 within 10 s, one after another; nothing that is committed comes again, and no run fails',
    async () => {
      let again = 0;
      for (const [name, service] of [...platform.services]) {
        await requestRuns(platform, { fullRead: true });
        await sleep(1_500);
        if (loaders().includes(service)) again += await comeAgain(service);
        const startedAt = performance.now();
        expect([name, await service.stop()]).toEqual([name, 0]);
        expect(performance.now() - startedAt).toBeLessThan(STOP_MS_MAX);
        platform.start(name);
      }
      await untilQuiet(platform);
      await platform.runCycle({ fullRead: true, timeoutMs: CYCLE_TIMEOUT_MS });
      await expectExact(platform);
      expect(await failedRuns(platform)).toEqual([]);
      for (const loader of loaders()) again += await comeAgain(loader);
      expect(again).toBe(0);
    },
    3 * CYCLE_TIMEOUT_MS,
  );

  it(
    'would have a batch come again if the loader died between its commit and its ack (mutation)',
    async () => {
      for (const name of ['loader', 'loader-2']) await platform.service(name).stop();
      platform.start('loader', { FAILPOINT: 'loader.after_commit_before_ack:1' });
      await requestRuns(platform, { fullRead: true });
      await waitFor(() => !platform.service('loader').isRunning(), { timeoutMs: CYCLE_TIMEOUT_MS });
      for (const name of ['loader', 'loader-2']) platform.start(name);
      await untilQuiet(platform);
      const again = await Promise.all(loaders().map(comeAgain));
      expect(Math.max(...again)).toBeGreaterThan(0);
    },
    2 * CYCLE_TIMEOUT_MS,
  );
});
