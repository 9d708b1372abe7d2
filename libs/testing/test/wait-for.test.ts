import { waitFor } from '../src/index.ts';

describe('waitFor', () => {
  it('returns the first truthy response', async () => {
    const responses = [undefined, 0, 'third', 'fourth'];

    expect(await waitFor(() => responses.shift(), { intervalMs: 0 })).toBe('third');
  });

  it('asks again after an error', async () => {
    let calls = 0;
    const condition = () => {
      calls += 1;
      if (calls < 3) throw new Error('not yet');
      return calls;
    };

    expect(await waitFor(condition, { intervalMs: 0 })).toBe(3);
  });

  it('gives up after the time-out, naming what it waited for and the last error', async () => {
    const condition = () => {
      throw new Error('no such queue');
    };

    await expect(waitFor(condition, { timeoutMs: 5, intervalMs: 1, what: 'an empty queue' })).rejects.toThrow(
      'an empty queue was not true within 5 ms: no such queue',
    );
  });

  it('looks at least once however short the time', async () => {
    expect(await waitFor(() => true, { timeoutMs: 0 })).toBe(true);
  });
});
