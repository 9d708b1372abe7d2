import { setTimeout as sleep } from 'node:timers/promises';
import { BATCH_BYTES_MAX, BATCH_QUEUE_BYTES_MAX, batchesQueue } from '@pipeline/protocol';
import { waitFor } from '@pipeline/testing';
import {
  CYCLE_TIMEOUT_MS,
  deadLetters,
  failedRuns,
  requestRuns,
  sized,
  startChaosPlatform,
  untilQuiet,
} from '../support/chaos.ts';
import { ChaosSource, LARGE_TEXT_BYTES, largeText } from '../support/chaos-source.ts';
import { containerSettings } from '../support/container-settings.ts';
import type { Platform } from '../support/platform.ts';
import { metric } from '../support/service-http.ts';

const MIB = 1024 * 1024;
const BYTES = sized({ ci: 200 * MIB, full: 2048 * MIB });
const RECORDS = Math.ceil(BYTES / LARGE_TEXT_BYTES);
const TAP_BYTES_MAX = 256 * MIB;
/** Batches that a tap has on their way: `reject-publish` is judged before they arrive. */
const WINDOW = 4;
/** How long the tap is watched while it cannot go on: several renewals of its lease. */
const FULL_MS = sized({ ci: 10_000, full: 120_000 });
const LOOK_MS = 250;

describe('a tap that reads more than the queue takes, while no loader runs', () => {
  let platform: Platform;
  let source: ChaosSource;
  beforeAll(async () => {
    source = await ChaosSource.start();
    platform = await startChaosPlatform({ ownSource: source, sources: [], services: ['scheduler', 'loader'] });
    platform.start('tap-chaos', containerSettings());
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  const watch = async () => ({
    queue: await platform.queuedBytes(batchesQueue('chaos')),
    tap: await metric(platform.service('tap-chaos'), 'process_resident_memory_bytes'),
  });
  const liveAttempts = async () =>
    (
      await platform.database.pool.query<{ epoch: string; isAlive: boolean }>(
        `select epoch::text, lease_until > clock_timestamp() as "isAlive" from pipeline.attempts where stream = 'large' and outcome is null`,
      )
    ).rows;

  it(
    'stops reading, keeps its lease and its size, and goes on to the last record when loaders run again',
    async () => {
      await platform.services.get('loader')?.stop();
      source.large = RECORDS;
      await requestRuns(platform, { fullRead: false });
      const seen = { queue: 0, tap: 0 };
      const look = async () => {
        const now = await watch();
        seen.queue = Math.max(seen.queue, now.queue);
        seen.tap = Math.max(seen.tap, now.tap);
      };
      await waitFor(
        async () => {
          await look();
          return seen.queue >= BATCH_QUEUE_BYTES_MAX;
        },
        { timeoutMs: CYCLE_TIMEOUT_MS, intervalMs: LOOK_MS, what: 'a full queue' },
      );
      const attempts = await liveAttempts();
      expect(attempts).toMatchObject([{ isAlive: true }]);
      for (const until = performance.now() + FULL_MS; performance.now() < until; await sleep(LOOK_MS)) await look();
      // The same attempt: it waits, nobody has begun anew.
      expect(await liveAttempts()).toEqual(attempts);
      expect(seen.queue).toBeLessThanOrEqual(BATCH_QUEUE_BYTES_MAX + WINDOW * BATCH_BYTES_MAX);
      expect(seen.tap).toBeLessThan(TAP_BYTES_MAX);

      for (const loader of ['loader', 'loader-2']) platform.start(loader);
      await untilQuiet(platform);
      expect((await watch()).tap).toBeLessThan(TAP_BYTES_MAX);
      expect(await loaded()).toEqual({ rows: RECORDS, positions: RECORDS, last: RECORDS - 1, wrong: 0 });
      expect(await failedRuns(platform)).toEqual([]);
      expect(await deadLetters(platform)).toEqual([]);
      expect(await platform.violations()).toEqual([]);
    },
    3 * CYCLE_TIMEOUT_MS,
  );

  /** What is in the table, and how many of a sample of its texts are not those of the source. */
  const loaded = async () => {
    const { pool } = platform.database;
    const { rows } = await pool.query(
      `select count(*)::int as rows, count(distinct position)::int as positions, max(position)::int as last from chaos.large`,
    );
    const sample = await pool.query<{ position: number; text: string }>(
      'select position::int, text from chaos.large where position % 101 = 0',
    );
    return { ...rows[0], wrong: sample.rows.filter(({ position, text }) => text !== largeText(position)).length };
  };
});
