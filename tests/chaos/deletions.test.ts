import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@pipeline/testing';
import { CYCLE_TIMEOUT_MS, requestRuns, startChaosPlatform, untilQuiet } from '../support/chaos.ts';
import { ChaosSource } from '../support/chaos-source.ts';
import { armFailpoints } from '../support/failpoints.ts';
import type { Platform } from '../support/platform.ts';

const ITEMS = 1_000;
const LOOK_MS = 50;
const CYCLES = 4;

describe('a list that is read whole', () => {
  let platform: Platform;
  let source: ChaosSource;
  beforeAll(async () => {
    source = await ChaosSource.start();
    for (let id = 0; id < ITEMS; id += 1) source.items.set(String(id).padStart(6, '0'), 'first');
    platform = await startChaosPlatform({ ownSource: source, sources: [] });
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  const live = async () => {
    const { rows } = await platform.database.pool.query<{ id: string }>(
      'select id from chaos.items where _sdc_deleted_at is null',
    );
    return new Set(rows.map((row) => row.id));
  };
  const missing = async (ids: Iterable<string>) => {
    const there = await live();
    return [...ids].filter((id) => !there.has(id));
  };
  /** Takes every seventh of what is left. */
  const deleteSome = () => {
    for (const [index, id] of [...source.items.keys()].entries()) if (index % 7 === 0) source.items.delete(id);
  };

  it(
    'never misses a row that exists, at any moment, while others are deleted and loaders are killed',
    async () => {
      for (let cycle = 0; cycle < CYCLES; cycle += 1) {
        deleteSome();
        for (const id of source.items.keys()) source.items.set(id, `change ${cycle}`);
        const crashes = await armFailpoints(platform, {
          loader: ['loader.before_commit:1'],
          'loader-2': ['finaliser.before_commit:2'],
        });
        let isOver = false;
        const ended = platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS }).finally(() => {
          isOver = true;
        });
        while (!isOver) {
          expect(await missing(source.items.keys())).toEqual([]);
          await sleep(LOOK_MS);
        }
        crashes.stop();
        expect(await ended).toBe('succeeded');
        expect(await live()).toEqual(new Set(source.items.keys()));
      }
    },
    CYCLES * CYCLE_TIMEOUT_MS,
  );

  it(
    'deletes nothing when the tap dies half-way',
    async () => {
      const before = await live();
      deleteSome();
      source.delayMs = 1_000;
      const { database } = platform;
      await requestRuns(platform);
      await waitFor(
        async () =>
          (await database.pool.query(`select from pipeline.tasks where stream = 'items' and status = 'running'`)).rows
            .length > 0,
        { timeoutMs: CYCLE_TIMEOUT_MS, what: 'that the list is being read' },
      );
      await platform.services.get('tap-chaos')?.kill();
      expect(await live()).toEqual(before);
      source.delayMs = 0;
      platform.start('tap-chaos');
      await waitFor(async () => (await live()).size === source.items.size, {
        timeoutMs: CYCLE_TIMEOUT_MS,
        intervalMs: 200,
        what: 'the next attempt',
      });
      await untilQuiet(platform);
    },
    2 * CYCLE_TIMEOUT_MS,
  );

  it(
    'keeps every row when the source returns an empty list, and says so',
    async () => {
      const before = await live();
      source.items.clear();
      expect(await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS })).toBe('failed');
      expect(await live()).toEqual(before);
      const { error } = await platform.cycles();
      expect(error).toContain('failed');
    },
    2 * CYCLE_TIMEOUT_MS,
  );

  it(
    'loses every row when the delete threshold is off (mutation)',
    async () => {
      await platform.runCycle({ massDeletes: true, timeoutMs: CYCLE_TIMEOUT_MS });
      expect((await live()).size).toBe(0);
    },
    2 * CYCLE_TIMEOUT_MS,
  );
});
