import { expectPart, SEEDS_MS_MAX } from './seeds.ts';
import { simulate } from './simulation.ts';

describe('the simulated platform', () => {
  it('keeps every promise, whatever fails, and comes to rest', () => expectPart(0), SEEDS_MS_MAX);

  it('does the same again for the same seed', async () => {
    const first = await simulate(7, { trace: true });
    const second = await simulate(7, { trace: true });
    expect(first.trace.length).toBeGreaterThan(100);
    expect(second.trace).toEqual(first.trace);
  });
});
