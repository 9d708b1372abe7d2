import { expectPart, SEEDS_MS_MAX } from './seeds.ts';

describe('the simulated platform', () => {
  it('keeps every promise under the second half of the seeds too', () => expectPart(1), SEEDS_MS_MAX);
});
