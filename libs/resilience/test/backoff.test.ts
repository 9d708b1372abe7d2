import { backoffMs } from '../src/index.ts';

describe('backoffMs', () => {
  const backoff = { firstMs: 500, maxMs: 10_000 };

  it.each([
    [1, 250, 500],
    [2, 500, 1_000],
    [5, 4_000, 8_000],
    [6, 5_000, 10_000],
    [1_000_000, 5_000, 10_000],
  ])('after %i tries lies between %i and %i ms', (tries, least, most) => {
    expect(backoffMs(tries, backoff, () => 0)).toBe(least);
    expect(backoffMs(tries, backoff, () => 1)).toBe(most);
  });
});
