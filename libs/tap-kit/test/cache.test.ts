import { createCache } from '../src/connection/cache.ts';

test('what is loaded is kept for its time, and who asks meanwhile waits for the same load', async () => {
  let now = 0;
  let loads = 0;
  const cached = createCache(() => now);
  const load = async () => {
    loads += 1;
    return loads;
  };
  expect(await Promise.all([cached('a', 1_000, load), cached('a', 1_000, load), cached('b', 1_000, load)])).toEqual([
    1, 1, 2,
  ]);
  now = 999;
  expect(await cached('a', 1_000, load)).toBe(1);
  now = 1_000;
  expect(await cached('a', 1_000, load)).toBe(3);
});

test('a load that fails is not kept', async () => {
  const cached = createCache(() => 0);
  await expect(cached('a', 1_000, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await cached('a', 1_000, () => Promise.resolve(1))).toBe(1);
});
