import { growthPerMinute } from '../src/growth.ts';

/** One sample every ten seconds for 30 minutes. */
const over = (value: (minute: number) => number) =>
  Array.from({ length: 180 }, (_, index) => ({ atMs: index * 10_000, value: value(index / 6) }));

/** Fills up for three minutes and is collected. */
const sawtooth = (minute: number) => 100 + 20 * ((minute % 3) / 3);

describe('growth', () => {
  it('is found in what grows by one a minute, beneath a sawtooth of twenty', () => {
    expect(growthPerMinute(over((minute) => sawtooth(minute) + minute))).toBeCloseTo(1, 0);
  });

  it('is found in what grows by one with every tenth sample', () => {
    expect(growthPerMinute(over((minute) => Math.floor((minute * 6) / 10)))).toBeCloseTo(0.6, 1);
  });

  it.each([
    ['what stays', () => 7],
    ['a sawtooth', sawtooth],
    ['what jumps once', (minute: number) => (minute < 5 ? 100 : 140)],
    ['what has a few outliers', (minute: number) => (minute % 7 < 1 ? 500 + minute * 20 : 100)],
  ])('is not in %s', (_, value) => {
    expect(Math.abs(growthPerMinute(over(value)))).toBeLessThan(0.1);
  });

  it('is negative in what shrinks', () => {
    expect(growthPerMinute(over((minute) => 100 - minute))).toBeCloseTo(-1, 5);
  });

  it('is not told from two samples', () => {
    expect(() => growthPerMinute(over(() => 1).slice(0, 2))).toThrow('2 samples');
  });
});
