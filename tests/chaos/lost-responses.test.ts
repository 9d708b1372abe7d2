import { setTimeout as sleep } from 'node:timers/promises';
import { ChaosProxy, stackConnections, waitFor } from '@pipeline/testing';
import {
  CYCLE_TIMEOUT_MS,
  expectExact,
  failedRuns,
  requestRuns,
  sized,
  startChaosPlatform,
  untilQuiet,
} from '../support/chaos.ts';
import type { Platform } from '../support/platform.ts';

const LOST_COMMITS = sized({ ci: 25, full: 200 });
const TERMINATE_EVERY_MS = 500;
const TERMINATIONS = sized({ ci: 20, full: 120 });
/** As the driver sends it: a text that ends with a zero. */
const COMMIT = 'commit\0';

describe('between a loader and PostgreSQL', () => {
  let platform: Platform;
  let proxy: ChaosProxy;
  beforeAll(async () => {
    proxy = await ChaosProxy.start(stackConnections().postgres);
    platform = await startChaosPlatform({
      sandbox: { deals: 200 },
      services: ['tap-hubspot', 'tap-xero', 'tap-wrike', 'scheduler'],
    });
    for (const loader of ['loader', 'loader-2']) {
      platform.start(loader, { DB_HOST: proxy.host, DB_PORT: String(proxy.port) });
    }
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(async () => {
    await platform.stop();
    await proxy.close();
  }, 60_000);

  const runUntil = async (isEnough: () => boolean) => {
    platform.sandbox.mutations.start({ count: 1_000_000, everyMs: 40, seed: 5 });
    const keepRunning = setInterval(() => void requestRuns(platform, { fullRead: true }).catch(() => undefined), 500);
    try {
      await waitFor(isEnough, { timeoutMs: CYCLE_TIMEOUT_MS, intervalMs: 200, what: 'enough faults' });
    } finally {
      clearInterval(keepRunning);
      platform.sandbox.mutations.stop();
    }
    await untilQuiet(platform);
    await platform.runCycle({ fullRead: true, timeoutMs: CYCLE_TIMEOUT_MS });
    await expectExact(platform);
    expect(await failedRuns(platform)).toEqual([]);
  };

  it(
    `is exact when the response to COMMIT is lost ${LOST_COMMITS} times`,
    async () => {
      proxy.set({ kind: 'drop-response', after: COMMIT, times: LOST_COMMITS });
      await runUntil(() => proxy.droppedResponses >= LOST_COMMITS);
    },
    3 * CYCLE_TIMEOUT_MS,
  );

  it(
    'is exact when its sessions are terminated all the time',
    async () => {
      let terminated = 0;
      const terminating = (async () => {
        while (terminated < TERMINATIONS) {
          const { rowCount } = await platform.database.pool.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and application_name = 'loader' order by random() limit 1`,
          );
          terminated += rowCount ?? 0;
          await sleep(TERMINATE_EVERY_MS);
        }
      })();
      await runUntil(() => terminated >= TERMINATIONS);
      await terminating;
    },
    3 * CYCLE_TIMEOUT_MS,
  );
});
