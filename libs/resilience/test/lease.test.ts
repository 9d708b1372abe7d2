import { jest } from '@jest/globals';
import type { Logger } from '@pipeline/protocol';
import { keepLease } from '../src/index.ts';

const silent = () => undefined;
const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };

describe('keepLease', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => void jest.useRealTimers());

  const keep = (renew: () => Promise<boolean>) => {
    const lost = jest.fn();
    const away = { name: 'database_away', code: null, text: 'away' } as const;
    const errors = { logger, waiting: 'the lease cannot be renewed', expected: () => away, onDefect: silent };
    return { lost, lease: keepLease({ leaseMs: 1_000, renew, onLost: lost, errors }) };
  };

  it('renews four times within the lease, until it is released', async () => {
    const renew = jest.fn(async () => true);
    const { lease, lost } = keep(renew);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(renew).toHaveBeenCalledTimes(4);
    lease.release();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(renew).toHaveBeenCalledTimes(4);
    expect(lost).not.toHaveBeenCalled();
  });

  it('is lost, once, when it belongs to somebody else', async () => {
    const { lost } = keep(async () => false);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(lost).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('away'))],
    ['never settles', () => new Promise<boolean>(() => undefined)],
  ])('survives a renewal that %s, and is lost when all of them are', async (_what, failing) => {
    let calls = 0;
    const survivor = keep(() => (++calls === 2 ? failing() : Promise.resolve(true)));
    const lost = keep(failing);
    await jest.advanceTimersByTimeAsync(900);
    expect(lost.lost).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(lost.lost).toHaveBeenCalledTimes(1);
    expect(survivor.lost).not.toHaveBeenCalled();
    survivor.lease.release();
  });
});
