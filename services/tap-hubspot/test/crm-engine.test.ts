import { Random } from '../../sandbox/src/random.ts';
import { Account } from './support/account.ts';

const BLOCKS = 10;
const SEEDS_PER_BLOCK = 20;
/** Types with all that can happen: merges, associations with and without primary ones, former values. */
const TYPES = ['contacts', 'companies', 'tickets', 'calls', 'line_items'];

/** What can happen to a record while it is read, by the words of the account's own log. */
const KINDS = {
  create: /^created (\w+) \d+$/,
  update: /^updated (\w+) /,
  archive: /^archived (\w+) \d+$/,
  restore: /^restored (\w+) /,
  'merge into a new record': /^merged (\w+) (\d+) and (\d+) into (?!\2$|\3$)/,
  'merge into one of both': /^merged (\w+) (\d+) and (\d+) into (?:\2|\3)$/,
  'other associations': /^associated (\w+) /,
};

/** Counts the changes by kind, of these types only. */
function count(changes: readonly string[], types: readonly string[], kinds: Record<string, number>): void {
  for (const change of changes) {
    for (const [kind, pattern] of Object.entries(KINDS)) {
      const [, type = ''] = pattern.exec(change) ?? [];
      if (types.includes(type)) kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
  }
}

/** Reads while the account changes at random, then once more when it is quiet: what is left must be the truth.
 *  @param kinds counts what happened while it read */
async function trial(seed: number, kinds: Record<string, number>): Promise<string[]> {
  const random = new Random(seed * 7_919);
  const types = ['deals', random.pick(TYPES)];
  const deals = random.integer(12, 30);
  const account = new Account({ seed, deals, indexLagMs: random.pick([0, 0, 40]), settings: { lookback_minutes: 1 } });
  account.onResponse = () => count(account.change(random.integer(0, 4), random), types, kinds);
  for (let cycle = 0; cycle < 3; cycle += 1) {
    for (const name of types) {
      const fate = random.next();
      if (fate < 0.2) await account.read(name, { stopAfter: random.integer(1, 6) });
      else await account.read(name, { fullRead: fate > 0.9 });
    }
  }
  account.onResponse = () => {};
  account.clock.now += 60;
  await account.readAll(types);
  return [...account.differences(types), ...account.notImitated];
}

describe('the engine of CRM objects', () => {
  it.each(Array.from({ length: BLOCKS }, (_, block) => block * SEEDS_PER_BLOCK))(
    'is exact once the changes stop, whatever was created, changed, archived, restored, merged and associated while it read (seeds from %i)',
    async (first) => {
      const kinds: Record<string, number> = {};
      for (let seed = first; seed < first + SEEDS_PER_BLOCK; seed += 1) {
        expect([seed, await trial(seed, kinds)]).toEqual([seed, []]);
      }
      for (const kind of Object.keys(KINDS)) expect([kind, (kinds[kind] ?? 0) > 0]).toEqual([kind, true]);
    },
  );
});
