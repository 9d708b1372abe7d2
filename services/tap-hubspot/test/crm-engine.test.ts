import { Random } from '../../sandbox/src/random.ts';
import { Account } from './support/account.ts';

const SEEDS = 200;
/** Types with everything that can happen: merges, associations with and without primary ones, histories. */
const TYPES = ['deals', 'contacts', 'companies', 'tickets', 'calls', 'line_items'];

/** Reads while the account changes at random, then once more when it is quiet: what is left must be the truth. */
async function trial(seed: number): Promise<string[]> {
  const random = new Random(seed * 7_919);
  const account = new Account({
    seed,
    deals: random.integer(12, 40),
    indexLagMs: random.pick([0, 0, 40]),
    settings: { lookback_minutes: 1 },
  });
  account.onResponse = () => account.change(random.integer(0, 3), random);
  for (let cycle = 0; cycle < 3; cycle += 1) {
    for (const name of TYPES) {
      await account.read(name, random.chance(0.2) ? { stopAfter: random.integer(1, 6) } : {});
    }
  }
  account.onResponse = () => {};
  account.clock.now += 60;
  await account.readAll(TYPES);
  return [...account.differences(TYPES), ...account.notImitated];
}

describe('the engine of CRM objects', () => {
  it.each(Array.from({ length: SEEDS / 20 }, (_, index) => index))(
    'is exact once the changes stop, whatever was created, changed, archived, restored, merged and associated while it read (%i)',
    async (block) => {
      for (let seed = block * 20; seed < (block + 1) * 20; seed += 1) {
        const differences = await trial(seed + 1);
        expect([seed + 1, differences]).toEqual([seed + 1, []]);
      }
    },
  );
});
