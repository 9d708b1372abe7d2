import { backOffMs } from '../src/back-off.ts';

describe('the back-off', () => {
  it('doubles from half a second and never exceeds ten seconds', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 1_000].map((attempt) => backOffMs(attempt, () => 1));
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  });

  it('leaves half of the pause to chance', () => {
    expect(backOffMs(1, () => 0)).toBe(500);
    expect(backOffMs(1, () => 0.5)).toBe(750);
  });
});
