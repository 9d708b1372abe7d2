import { mutations } from './mutations.ts';
import { firstFailure } from './simulation.ts';

/** A protection whose absence so many seeds do not show is not proven by them. */
const SEEDS_MAX = 5_000;
const SEEDS_MS_MAX = 3 * 60_000;

describe('the simulation', () => {
  it.each(Object.keys(mutations))(
    'shows the damage when %s (mutation)',
    async (name) => {
      expect((await firstFailure(SEEDS_MAX, mutations[name]))?.failure).toBeDefined();
    },
    SEEDS_MS_MAX,
  );
});
