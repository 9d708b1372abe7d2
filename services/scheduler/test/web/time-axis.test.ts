import { timeAxis } from '../../web/src/pages/run/time-axis.ts';

const [LEFT, RIGHT] = [100, 900];

describe('the axis of a waterfall', () => {
  it('goes from the left to the right and has at most nine ticks', () => {
    const axis = timeAxis(0, 14_100, [[0, 14_100]], LEFT, RIGHT);
    expect([axis.x(0), axis.x(14_100), axis.x(99_999), axis.fold]).toEqual([LEFT, RIGHT, RIGHT, undefined]);
    expect(axis.ticks.map(({ ms }) => ms)).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 14_000]);
  });

  it('folds a pause that would squeeze the rest, and keeps the order', () => {
    const axis = timeAxis(
      0,
      3_600_000,
      [
        [0, 10_000],
        [3_590_000, 3_600_000],
      ],
      LEFT,
      RIGHT,
    );
    expect(axis.fold?.ms).toBe(3_580_000);
    expect(axis.x(10_000) - axis.x(0)).toBeGreaterThan(300);
    expect(axis.x(10_000)).toBeLessThan(axis.x(1_800_000));
    expect(axis.x(1_800_000)).toBeLessThan(axis.x(3_590_000));
    expect(axis.x(3_600_000)).toBe(RIGHT);
  });

  it('does not fold a pause of less than 30 %, nor one of no length', () => {
    expect(
      timeAxis(
        0,
        1_000,
        [
          [0, 700],
          [990, 1_000],
        ],
        LEFT,
        RIGHT,
      ).fold,
    ).toBeUndefined();
    expect(timeAxis(0, 0, [], LEFT, RIGHT).x(0)).toBe(LEFT);
  });
});
