import { CYCLE_TIMEOUT_MS, expectExact, startChaosPlatform } from '../support/chaos.ts';
import type { Platform } from '../support/platform.ts';

const REPLICAS = ['tap-hubspot', 'tap-hubspot-2', 'tap-hubspot-3'];
const DEALS = 2_000;
/** Time passes so many times faster, for the account and for the limits of the tap. */
const SPEED = 4;
/** Of the 100 that the account allows: a busy machine sends closer together what it sends late. */
const CONFIGURED_PER_10_S = 75;
/** Fewer than that, and the limit was hardly met. */
const USED_MIN = 0.5;

describe('three processes of tap-hubspot', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startChaosPlatform({
      sources: ['hubspot'],
      sandbox: { deals: DEALS, rateLimitFactor: SPEED },
      services: ['scheduler', 'loader', ...REPLICAS],
      environment: {
        TAP_RATE_LIMIT_FACTOR: String(SPEED),
        HUBSPOT_REQUESTS_PER_10_SECONDS: String(CONFIGURED_PER_10_S),
      },
    });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  it(
    "read an account together within its limits, which the account's own count shows, and bring every row",
    async () => {
      expect(await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS })).toBe('succeeded');
      await expectExact(platform);
      const { rows } = await platform.database.pool.query<{ readers: number; seconds: number }>(
        `select count(distinct claimed_by)::int as readers,
                extract(epoch from max(extracted_at) - min(started_at))::float8 as seconds from pipeline.attempts`,
      );
      const { readers, seconds } = rows[0] ?? { readers: 0, seconds: 0 };
      expect(readers).toBe(REPLICAS.length);
      const counts = platform.sandbox.requests.list();
      expect(counts.filter(({ byStatus }) => byStatus['429'] !== undefined)).toEqual([]);
      const requests = counts.reduce((sum, count) => sum + count.requests, 0);
      const perTenSeconds = (requests * 10) / (seconds * SPEED);
      // They were held back by the limit that they share, or came close to it.
      expect(perTenSeconds).toBeGreaterThan(CONFIGURED_PER_10_S * USED_MIN);
    },
    2 * CYCLE_TIMEOUT_MS,
  );
});
