import { ChaosProxy, waitFor } from '@pipeline/testing';
import { CYCLE_TIMEOUT_MS, expectExact, requestRuns, startChaosPlatform, untilQuiet } from '../support/chaos.ts';
import type { Platform } from '../support/platform.ts';

/** A zombie knows that it is one at its next renewal, and that is at most this long after it wakes. */
const NOTICE_MS_MAX = 10_000;
/** Slow enough that the tap is caught in the middle of a stream. */
const SLOW = { kind: 'latency', ms: 1_000 } as const;

describe('a tap and a loader that are frozen past their lease', () => {
  let platform: Platform;
  let source: ChaosProxy;
  beforeAll(async () => {
    // The sandbox's port is known once it has started, the proxy's must be known to the taps.
    platform = await startChaosPlatform({ sources: ['hubspot'], sandbox: { deals: 2_000 }, services: ['scheduler'] });
    source = await ChaosProxy.start({ host: '127.0.0.1', port: Number(new URL(platform.sandbox.url('hubspot')).port) });
    platform.start('loader');
    startTap('tap-hubspot');
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(async () => {
    await platform.stop();
    await source.close();
  }, 60_000);

  const startTap = (name: string) => platform.start(name, { HUBSPOT_BASE_URL: `http://${source.host}:${source.port}` });

  it(
    'commit nothing of their attempts after others have taken over, and end them by themselves',
    async () => {
      const { database, services } = platform;
      source.set(SLOW);
      await requestRuns(platform, { fullRead: true });
      const epochs = await waitFor(
        async () => {
          const { rows } = await database.pool.query<{ epoch: string }>(
            `select epoch::text from pipeline.attempts a join pipeline.ledger l using (epoch)
             where a.outcome is null and not exists (select from pipeline.manifests m where m.epoch = a.epoch) group by epoch`,
          );
          return rows.length > 0 ? rows.map((row) => row.epoch) : undefined;
        },
        { timeoutMs: CYCLE_TIMEOUT_MS, what: 'an attempt that is under way' },
      );
      const zombies = ['tap-hubspot', 'loader'].map((name) => services.get(name));
      for (const zombie of zombies) zombie?.signal('SIGSTOP');
      source.set();
      startTap('tap-hubspot-2');
      platform.start('loader-2');
      await untilQuiet(platform);
      const committedBefore = await committed(epochs);

      for (const zombie of zombies) zombie?.signal('SIGCONT');
      await waitFor(() => zombies[0]?.log().includes('has lost its lease'), {
        timeoutMs: NOTICE_MS_MAX,
        what: 'that the tap notices the loss of its lease',
      });
      await waitFor(() => batchQueueIsEmpty(), { timeoutMs: NOTICE_MS_MAX, what: 'an empty queue' });
      expect(await committed(epochs)).toEqual(committedBefore);
      expect(await platform.runCycle({ fullRead: true, timeoutMs: CYCLE_TIMEOUT_MS })).toBe('succeeded');
      await expectExact(platform);
    },
    3 * CYCLE_TIMEOUT_MS,
  );

  const committed = async (epochs: string[]) =>
    (
      await platform.database.pool.query(
        'select epoch, count(*) from pipeline.ledger where epoch = any($1) group by 1 order by 1',
        [epochs],
      )
    ).rows;

  const batchQueueIsEmpty = async () => (await platform.queued('loader.hubspot')) === 0;
});
