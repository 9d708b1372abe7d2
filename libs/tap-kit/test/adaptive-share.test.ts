import { MemoryRateLimiter } from '../src/http/memory-rate-limiter.ts';
import { waitOf } from './support/wait-of.ts';

const MINUTE_MS = 60_000;
const DOCUMENTED = 400;
/** What the source really lets pass in a minute. */
const REAL = 200;
const READS = 4_000;
/** What a client waits after a refusal. */
const BACKOFF_MS = 1_000;

/** Reads from a source that lets pass what `real` says, with a limit as documented. */
async function read(limit: { isAdaptive: boolean }, real: (now: number) => number) {
  let now = 0;
  const limiter = new MemoryRateLimiter({ factor: 1, now: () => now });
  const passed: number[] = [];
  const refused: number[] = [];
  while (passed.length < READS) {
    now += await waitOf(limiter, [{ name: 'minute', requests: DOCUMENTED, perMs: MINUTE_MS, ...limit }]);
    const before = passed.findLastIndex((at) => at <= now - MINUTE_MS);
    if (passed.length - 1 - before < real(now)) passed.push(now);
    else {
      refused.push(now);
      limiter.slowDown();
      now += BACKOFF_MS;
    }
  }
  return { refused, perMinute: READS / (now / MINUTE_MS), endedAt: now };
}

describe('a source that refuses earlier than documented', () => {
  it('is asked more slowly until it refuses hardly any more, and not much more slowly than it bears', async () => {
    const { refused, perMinute } = await read({ isAdaptive: true }, () => REAL);
    expect(refused.length).toBeLessThan(READS / 50);
    expect(perMinute).toBeGreaterThan(REAL * 0.75);
  });

  it('would be asked in vain in every minute if the rate did not follow its refusals (mutation)', async () => {
    const { refused } = await read({ isAdaptive: false }, () => REAL);
    expect(refused.length).toBeGreaterThan(READS / 10);
  });

  it('is asked as fast as documented again within minutes of its last refusal', async () => {
    const busyMs = 3 * MINUTE_MS;
    const { refused, endedAt } = await read({ isAdaptive: true }, (now) => (now < busyMs ? REAL : DOCUMENTED));
    expect(Math.max(...refused)).toBeLessThan(busyMs + MINUTE_MS);
    const evenMs = (READS / (DOCUMENTED * 0.95)) * MINUTE_MS;
    expect(endedAt).toBeLessThan(evenMs * 1.6);
  });

  it('that refuses nothing is asked at the whole rate', async () => {
    const { refused, perMinute } = await read({ isAdaptive: true }, () => DOCUMENTED);
    expect(refused).toEqual([]);
    expect(perMinute).toBeGreaterThan(DOCUMENTED * 0.94);
  });
});
