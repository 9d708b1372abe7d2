import { migrateControl } from '@pipeline/control';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { systemTiming } from '../src/http/timing.ts';
import { SharedRateLimiter } from '../src/service/shared-rate-limiter.ts';
import { keptLog, neverAborted } from './support/deps.ts';
import { waitOf } from './support/wait-of.ts';

let database: TestDatabase;
let sources = 0;

beforeAll(async () => {
  database = await createTestDatabase({ name: 'control', prepare: migrateControl });
});
afterAll(() => database.drop());

/** Two replicas of a tap that nobody else uses. */
function replicas(factor = 1): [SharedRateLimiter, SharedRateLimiter] {
  sources += 1;
  const shared = { timing: systemTiming, logger: keptLog().logger, signal: neverAborted };
  const options = {
    pool: database.pool,
    source: `source${sources}`,
    connection: `source${sources}`,
    factor,
    ...shared,
  };
  return [new SharedRateLimiter(options), new SharedRateLimiter(options)];
}

const limit = { name: 'minute', requests: 60, perMs: 60_000 };

test('replicas draw from one allowance', async () => {
  const [one, two] = replicas();
  const waits: number[] = [];
  for (let count = 0; count < 10; count += 1) waits.push(await waitOf(one, [limit]), await waitOf(two, [limit]));
  expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
  // 57 requests a minute beyond the first three: the twentieth waits for 17 of them, less what came back meanwhile.
  expect(waits.at(-1)).toBeGreaterThan(16_000);
  expect(waits.at(-1)).toBeLessThan((17 * 60_000) / 57 + 1);
});

test('tokens come back with time', async () => {
  const [one] = replicas();
  const fast = { name: 'fast', requests: 10, perMs: 100 };
  await waitOf(one, [fast]);
  const wait = await waitOf(one, [fast]);
  await systemTiming.sleep(wait + 20);
  expect(await waitOf(one, [fast])).toBe(0);
});

test('a request books in all its limits, and the longest wait counts', async () => {
  const [one] = replicas();
  const slow = { name: 'slow', requests: 1, perMs: 10_000 };
  await waitOf(one, [limit, slow]);
  expect(await waitOf(one, [limit, slow])).toBeGreaterThan(10_000);
  expect(await waitOf(one, [limit])).toBe(0);
});

test('the factor multiplies the allowance', async () => {
  const [one] = replicas(1_000);
  for (let count = 0; count < 1_000; count += 250) expect(await waitOf(one, [limit])).toBe(0);
});

test('concurrent bookings lose none', async () => {
  const [one, two] = replicas();
  const many = { name: 'many', requests: 1_000, perMs: 3_600_000 };
  await Promise.all(Array.from({ length: 60 }, (_, index) => waitOf(index % 2 === 0 ? one : two, [many, limit])));
  const { rows } = await database.pool.query<{ tokens: number }>(
    `select tokens from pipeline.rate_limits where source = $1 and name = 'many'`,
    [`source${sources}`],
  );
  expect(rows[0]?.tokens).toBeGreaterThanOrEqual(940);
  expect(rows[0]?.tokens).toBeLessThan(945);
});

test('a pause holds back every replica, also requests without a limit, and a shorter one does not end it', async () => {
  const [one, two] = replicas();
  await one.pause(30_000);
  await one.pause(10);
  expect(await waitOf(two, [])).toBeGreaterThan(25_000);
  expect(await waitOf(two, [limit])).toBeGreaterThan(25_000);
});

test('no more requests are in flight over all replicas than there are places', async () => {
  const [one, two] = replicas();
  let inFlight = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const leave = await (index % 2 === 0 ? one : two).enter(3, neverAborted);
      inFlight += 1;
      most = Math.max(most, inFlight);
      await systemTiming.sleep(20);
      inFlight -= 1;
      await leave();
    }),
  );
  expect(most).toBe(3);
});

test('the place of a dead replica frees itself', async () => {
  const [one, two] = replicas();
  await one.enter(1, neverAborted);
  await database.pool.query(`update pipeline.rate_limits set blocked_until = clock_timestamp() where source = $1`, [
    `source${sources}`,
  ]);
  await (await two.enter(1, neverAborted))();
});
