import { SlidingWindow, TokenBucket } from '../src/rate-window.ts';

function clock() {
  const time = { now: 1_000 };
  return { time, options: { limit: 3, windowMs: 600, now: () => time.now, factor: 1 } };
}

describe('SlidingWindow', () => {
  it('allows the limit and says when the next may come', () => {
    const { time, options } = clock();
    const window = new SlidingWindow(options);
    for (const remaining of [2, 1, 0]) {
      expect(window.take().remaining).toBe(remaining);
      time.now += 100;
    }
    time.now = 1_200;
    expect(window.take()).toEqual({ allowed: false, limit: 3, remaining: 0, retryAfterMs: 400 });
    time.now = 1_599;
    expect(window.take().allowed).toBe(false);
    time.now = 1_600;
    expect(window.take().allowed).toBe(true);
    expect(window.take().allowed).toBe(false);
  });

  it('passes faster by the factor, with the same limit', () => {
    const { time, options } = clock();
    const window = new SlidingWindow({ ...options, factor: 6 });
    for (let taken = 0; taken < 3; taken += 1) expect(window.take().allowed).toBe(true);
    expect(window.take().retryAfterMs).toBe(100);
    time.now += 100;
    expect(window.take()).toMatchObject({ allowed: true, limit: 3 });
  });
});

describe('TokenBucket', () => {
  it('refills evenly and never beyond its limit', () => {
    const { time, options } = clock();
    const bucket = new TokenBucket(options);
    for (let taken = 0; taken < 3; taken += 1) expect(bucket.take().allowed).toBe(true);
    expect(bucket.take()).toMatchObject({ allowed: false, retryAfterMs: 200 });
    time.now += 200;
    expect([bucket.take().allowed, bucket.take().allowed]).toEqual([true, false]);
    time.now += 1_000_000;
    expect([1, 2, 3, 4].map(() => bucket.take().allowed)).toEqual([true, true, true, false]);
  });
});
