import { Random } from '../../sandbox/src/random.ts';
import { Account } from './support/account.ts';

const DATED = /\/\d{4}-\d{2}(\/|$)/;

describe('the older paths of the API', () => {
  it('bring the same rows, when the settings ask for them', async () => {
    const account = new Account({ settings: { api_version: 'v3' } });
    await account.discover();
    const names = account.streams.filter(({ isSelectedByDefault }) => isSelectedByDefault !== false);
    const streams = names.map(({ name }) => name);
    await account.readAll(streams);
    account.change(40, new Random(3));
    account.clock.now += 86_400_000;
    await account.readAll(streams);
    expect(account.differences(streams)).toEqual([]);
    expect(account.requests.filter((request) => DATED.test(request))).toEqual([]);
    expect(account.requests.some((request) => request.includes('/crm/v4/associations/'))).toBe(true);
    expect(account.notImitated).toEqual([]);
  });

  it('are not asked for otherwise, where there is a dated one', async () => {
    const account = new Account();
    await account.readAll(['owners', 'deal_pipelines', 'deals', 'lists']);
    expect(account.requests.filter((request) => !DATED.test(request))).toEqual([]);
  });
});
