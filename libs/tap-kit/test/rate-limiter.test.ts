import fc from 'fast-check';
import { MemoryRateLimiter } from '../src/http/memory-rate-limiter.ts';
import { waitOf } from './support/wait-of.ts';

const DAY_MS = 86_400_000;

test('no window of a limit holds more requests than allowed, however the requests come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(1_000, 10_000, 60_000),
      fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 150 }),
      async (requests, perMs, gaps) => {
        let now = 0;
        const limiter = new MemoryRateLimiter({ factor: 1, now: () => now });
        const sent: number[] = [];
        for (const gap of gaps) {
          now += gap;
          now += await waitOf(limiter, [{ name: 'window', requests, perMs }]);
          sent.push(now);
        }
        for (const start of sent) {
          // The fraction of a millisecond is the arithmetic's.
          expect(sent.filter((at) => at >= start && at < start + perMs - 0.01).length).toBeLessThanOrEqual(requests);
        }
      },
    ),
  );
});

test('nineteen twentieths of an allowance can be used', async () => {
  let now = 0;
  const limiter = new MemoryRateLimiter({ factor: 1, now: () => now });
  for (let sent = 0; sent < 950; sent += 1)
    now += await waitOf(limiter, [{ name: 'ten', requests: 100, perMs: 10_000 }]);
  expect(now).toBeLessThanOrEqual(100_000);
});

test("a day's allowance may be used at once, then the wait is told", async () => {
  const limiter = new MemoryRateLimiter({ factor: 1, now: () => 0 });
  const day = [{ name: 'day', requests: 1_000, perMs: DAY_MS }];
  for (let sent = 0; sent < 1_000; sent += 1) expect(await waitOf(limiter, day)).toBe(0);
  expect(await waitOf(limiter, day)).toBeGreaterThan(60_000);
});

test('the factor multiplies the allowance', async () => {
  const wait = async (factor: number) => {
    const limiter = new MemoryRateLimiter({ factor, now: () => 0 });
    const limit = [{ name: 'second', requests: 1, perMs: 1_000 }];
    await waitOf(limiter, limit);
    return waitOf(limiter, limit);
  };
  expect(await wait(1)).toBe(2_000);
  expect(await wait(10_000)).toBeLessThan(1);
});

test('a pause of the source holds everybody back, also requests without a limit', async () => {
  let now = 0;
  const limiter = new MemoryRateLimiter({ factor: 1, now: () => now });
  await limiter.pause(5_000);
  await limiter.pause(1_000);
  now = 1_000;
  expect(await waitOf(limiter, [])).toBe(4_000);
  now = 6_000;
  expect(await waitOf(limiter, [])).toBe(0);
});

test('no more are in flight than there are places, and a place that is left is taken by who waits', async () => {
  const limiter = new MemoryRateLimiter({ factor: 1, now: () => 0 });
  const { signal } = new AbortController();
  const leave = await limiter.enter(1, signal);
  let entered = false;
  const second = limiter.enter(1, signal).then((leaveToo) => {
    entered = true;
    return leaveToo;
  });
  await Promise.resolve();
  expect(entered).toBe(false);
  await leave();
  await (await second)();
  expect(entered).toBe(true);
});

test('who stops waiting for a place takes none', async () => {
  const limiter = new MemoryRateLimiter({ factor: 1, now: () => 0 });
  const stopping = new AbortController();
  const leave = await limiter.enter(1, stopping.signal);
  const waiting = limiter.enter(1, stopping.signal);
  stopping.abort(new Error('stopping'));
  await expect(waiting).rejects.toThrow('stopping');
  await leave();
  await (await limiter.enter(1, new AbortController().signal))();
});
