import { jest } from '@jest/globals';
import { retry } from '../src/index.ts';

describe('retry', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => void jest.useRealTimers());

  const backoff = { firstMs: 100, maxMs: 1_000 };
  const away = new Error('away');
  const isExpected = (error: unknown) => error === away;
  const failing = (times: number, error = away) => {
    let calls = 0;
    return async () => {
      calls += 1;
      if (calls <= times) throw error;
      return calls;
    };
  };

  it('repeats what fails in an expected way until it succeeds, and tells of each try', async () => {
    const told: number[] = [];
    const result = retry(failing(3), {
      isExpected,
      backoff,
      triesMax: 9,
      onRetry: (_error, tries) => told.push(tries),
    });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await result).toBe(4);
    expect(told).toEqual([1, 2, 3]);
  });

  it.each([
    ['tries', { triesMax: 3 }],
    ['time', { forMs: 500 }],
  ])('throws the last error when the limit of %s is reached', async (_limit, limit) => {
    const result = retry(failing(1_000), { isExpected, backoff, ...limit });
    const outcome = expect(result).rejects.toBe(away);
    await jest.advanceTimersByTimeAsync(10_000);
    await outcome;
  });

  it('throws an error that nobody expected at once', async () => {
    const bug = new TypeError('undefined is not a function');
    await expect(retry(failing(1, bug), { isExpected, backoff, triesMax: 9 })).rejects.toBe(bug);
  });

  it('ends with the signal', async () => {
    const controller = new AbortController();
    const result = retry(failing(1_000), { isExpected, backoff, forMs: 60_000, signal: controller.signal });
    const outcome = expect(result).rejects.toBe(away);
    await jest.advanceTimersByTimeAsync(10);
    controller.abort();
    await outcome;
  });

  it('insists on a limit', async () => {
    await expect(retry(failing(0), { isExpected, backoff })).rejects.toThrow(RangeError);
  });
});
