import { mutations } from './mutations.ts';
import { firstFailure, simulate } from './simulation.ts';

/** A protection whose absence so many seeds do not show is not proven by them. */
const SEEDS_MAX = 5_000;
const SEEDS_MS_MAX = 3 * 60_000;

describe('the simulation', () => {
  it.each(Object.keys(mutations))(
    'shows the damage when %s (mutation)',
    async (name) => {
      const noticed = await firstFailure({ first: 1, last: SEEDS_MAX }, mutations[name]);
      expect(noticed?.failure).toBeDefined();
      // A seed that goes wrong by itself shows nothing of the protection.
      if (noticed !== undefined) expect((await simulate(noticed.seed)).failure).toBeUndefined();
    },
    SEEDS_MS_MAX,
  );
});
