import { waitFor } from '@pipeline/testing';
import { CYCLE_TIMEOUT_MS, deadLetters, requestRuns, sized, startChaosPlatform, untilQuiet } from '../support/chaos.ts';
import { ChaosSource } from '../support/chaos-source.ts';
import { armFailpoints } from '../support/failpoints.ts';
import type { Platform } from '../support/platform.ts';

const EVENTS = sized({ ci: 5_000, full: 50_000 });

describe('a stream without a key', () => {
  let platform: Platform;
  let source: ChaosSource;
  beforeAll(async () => {
    source = await ChaosSource.start();
    platform = await startChaosPlatform({
      ownSource: source,
      sources: [],
      services: ['scheduler', 'loader', 'tap-chaos'],
    });
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  const grow = () => {
    for (let count = 0; count < EVENTS; count += 1) source.events.push(`event ${source.events.length % 97}`);
    // Many small batches: the batcher sends what has waited for its time.
    source.delayMs = 150;
  };
  const loaded = async () => {
    const { rows } = await platform.database.pool.query<{ positions: number[] | null }>(
      'select array_agg(position::int order by position) as positions from chaos.events',
    );
    return rows[0]?.positions ?? [];
  };
  const expected = () => source.events.map((_, position) => position);

  it.each([
    [
      'the loader dies between commit and ack',
      { loader: ['loader.after_commit_before_ack:1', 'loader.before_commit:1'] },
    ],
    ['the tap dies between two batches', { 'tap-chaos': ['tap.after_confirm:1', 'tap.before_publish:2'] }],
  ])(
    'has every row exactly once when %s',
    async (_, armed: Record<string, string[]>) => {
      grow();
      const crashes = await armFailpoints(platform, armed);
      try {
        expect(await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS })).toBe('succeeded');
        expect(crashes.pending()).toEqual([]);
        expect(await loaded()).toEqual(expected());
        expect(await platform.violations()).toEqual([]);
        expect(await deadLetters(platform)).toEqual([]);
      } finally {
        crashes.stop();
      }
    },
    CYCLE_TIMEOUT_MS + 60_000,
  );

  /** A tap and a loader that die after rows were committed and before a bookmark covers them. */
  const crashBeyondBookmark = async () => {
    grow();
    const { database, services } = platform;
    await requestRuns(platform, { fullRead: false });
    const finaliserWaits = await database.pool.connect();
    try {
      await finaliserWaits.query('begin');
      const epoch = await waitFor(async () => {
        const { rows } = await finaliserWaits.query<{ epoch: string }>(
          `select epoch::text from pipeline.attempts where stream = 'events' and outcome is null for no key update`,
        );
        return rows[0]?.epoch;
      });
      await waitFor(async () => {
        const { rows } = await database.pool.query(
          'select from pipeline.ledger join pipeline.attempts using (epoch) where epoch = $1 and seq > applied_seq and rows > 0',
          [epoch],
        );
        return rows.length >= 1;
      });
      await Promise.all([services.get('tap-chaos')?.kill(), services.get('loader')?.kill()]);
      await finaliserWaits.query('rollback');
      await waitFor(
        async () =>
          (await database.pool.query('select from pipeline.attempts where epoch = $1 and outcome is not null', [epoch]))
            .rows.length > 0,
        { timeoutMs: CYCLE_TIMEOUT_MS, intervalMs: 200, what: 'the end of the dead attempt' },
      );
    } finally {
      finaliserWaits.release();
    }
    platform.start('tap-chaos');
    platform.start('loader');
    await untilQuiet(platform);
  };

  it(
    'has every row exactly once when rows were committed that no bookmark covers',
    async () => {
      await crashBeyondBookmark();
      expect(await loaded()).toEqual(expected());
    },
    2 * CYCLE_TIMEOUT_MS,
  );

  it(
    'has such rows twice when the clean-up at claim is left out (mutation)',
    async () => {
      // Every attempt counts as cleaned, so the claim finds nothing to remove.
      await platform.database.pool.query('alter table pipeline.attempts alter column cleaned set default true');
      await crashBeyondBookmark();
      expect((await loaded()).length).toBeGreaterThan(expected().length);
    },
    2 * CYCLE_TIMEOUT_MS,
  );
});
