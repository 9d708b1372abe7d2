import { until } from '../src/index.ts';

describe('until', () => {
  const looking = async (holdsAt: number, options: { signal?: AbortSignal } = {}) => {
    let looks = 0;
    const condition = () => {
      looks += 1;
      return looks >= holdsAt;
    };
    return { holds: await until(condition, { everyMs: 1, forMs: 20, ...options }), looks };
  };

  it('does not wait for what holds', async () => {
    expect(await looking(1)).toEqual({ holds: true, looks: 1 });
  });

  it('looks again until it holds', async () => {
    const conditions = [false, false, true];
    expect(await until(() => conditions.shift() ?? true, { everyMs: 1, forMs: 60_000 })).toBe(true);
    expect(conditions).toEqual([]);
  });

  it('ends at its limit', async () => {
    expect(await looking(Number.POSITIVE_INFINITY)).toMatchObject({ holds: false });
  });

  it('ends with the signal', async () => {
    expect(await looking(2, { signal: AbortSignal.abort() })).toEqual({ holds: false, looks: 1 });
  });
});
