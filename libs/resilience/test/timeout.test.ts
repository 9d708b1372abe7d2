import { pause, unlessAborted, within } from '../src/index.ts';

const never = new Promise<never>(() => undefined);

describe('within', () => {
  it('returns what settles in time, and the other value when nothing does', async () => {
    expect(await within(Promise.resolve('value'), 1_000, 'late')).toBe('value');
    expect(await within(never, 0, 'late')).toBe('late');
  });

  it('throws what the promise throws', async () => {
    await expect(within(Promise.reject(new Error('refused')), 1_000, 'late')).rejects.toThrow('refused');
  });
});

describe('unlessAborted', () => {
  it('throws the reason of a signal that is aborted, before or while it waits', async () => {
    const reason = new Error('stop');
    await expect(unlessAborted(never, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = unlessAborted(never, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe('pause', () => {
  it('ends with the signal, without an error', async () => {
    await expect(pause(60_000, AbortSignal.abort())).resolves.toBeUndefined();
  });
});
