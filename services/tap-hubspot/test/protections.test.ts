import { isJsonObject, type Json, type JsonObject } from '@pipeline/singer';
import { Random } from '../../sandbox/src/random.ts';
import { Account } from './support/account.ts';

/** What the engine relies on, taken away one by one: then the warehouse is wrong, and the comparison says so. */
const results = (response: Json, change: (row: JsonObject) => JsonObject): Json => {
  if (!isJsonObject(response) || !Array.isArray(response['results'])) return response;
  const rows = response['results'].map((row) => (isJsonObject(row) ? change(row) : row));
  return { ...response, results: rows };
};

async function differencesAfterChanges(alter: Account['alter']): Promise<string[]> {
  const account = new Account({ deals: 60 });
  await account.read('deals');
  account.change(400, new Random(5));
  account.alter = alter;
  await account.read('deals');
  return account.differences(['deals']);
}

const withoutMergedIds = (row: JsonObject): JsonObject => ({
  ...row,
  properties: isJsonObject(row['properties']) ? { ...row['properties'], hs_merged_object_ids: null } : {},
});

describe('after creates, updates, archives, restores, merges and changes of associations', () => {
  it('the warehouse is exact', async () => {
    expect(await differencesAfterChanges((_request, response) => response)).toEqual([]);
  });

  it('it is not when the archived are not looked for (mutation)', async () => {
    const differences = await differencesAfterChanges((request, response) =>
      request.includes('archived=true') ? { results: [] } : response,
    );
    expect(differences).toContainEqual(expect.stringMatching(/^deals \d+ is left over/));
  });

  it('it is not when merged objects are not named (mutation)', async () => {
    const differences = await differencesAfterChanges((_request, response) => results(response, withoutMergedIds));
    expect(differences).toContainEqual(expect.stringMatching(/^deals \d+ is left over/));
  });

  it('it is not when associations are read only of what changed (mutation)', async () => {
    const account = new Account({ deals: 60, settings: { associations_refresh_minutes: 1_000 } });
    await account.read('deals');
    account.change(400, new Random(5));
    await account.read('deals');
    expect(account.differences(['deals'])).toContainEqual(
      expect.stringMatching(/^deals_companies .* is (missing|left over)/),
    );
  });
});

describe('an empty search page', () => {
  it('would end the read too early if what it names were not followed (mutation)', async () => {
    const account = new Account({ deals: 420, indexLagMs: 2_000, settings: { lookback_minutes: 1 } });
    await account.read('deals');
    account.clock.now += 60_000;
    const store = account.api.portal.objects.get('deals');
    for (const position of store?.live(0) ?? []) store?.update(position, { dealname: 'changed' }, account.clock.now);
    account.clock.now += 2_000;
    for (const position of [...(store?.live(0) ?? [])].slice(0, 210)) store?.archive(position, account.clock.now);
    account.alter = (request, response) => {
      if (!request.includes('/search') || !isJsonObject(response)) return response;
      const { paging: _paging, ...rest } = response;
      return rest;
    };
    await account.read('deals');
    expect(account.differences(['deals'])).not.toEqual([]);
  });
});
