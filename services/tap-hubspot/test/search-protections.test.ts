import { isJsonObject, type Json } from '@pipeline/singer';
import { Account } from './support/account.ts';

/** What reading by search relies on, each with what happens without it. */
const MINUTE = 60_000;

async function accountWithDeals(options: ConstructorParameters<typeof Account>[0] = {}) {
  const account = new Account({ deals: 300, ...options });
  await account.read('deals', { select: [{ stream: 'deals' }] });
  const store = account.api.portal.objects.get('deals');
  if (store === undefined) throw new RangeError('no deals');
  account.clock.now += MINUTE;
  return { account, store };
}

const only = { select: [{ stream: 'deals' }] };

describe('a change that the index learns of late', () => {
  const missed = async (lookback_minutes: number) => {
    const { account, store } = await accountWithDeals({ indexLagMs: 5_000, settings: { lookback_minutes } });
    const [position = 0] = [...store.live(0)];
    store.update(position, { dealname: 'late' }, account.clock.now);
    // The read begins after the change and before the index knows of it.
    account.clock.now += 1_000;
    await account.read('deals', only);
    account.clock.now += MINUTE;
    await account.read('deals', only);
    return account.warehouse.live('deals').get(store.idOf(position))?.['dealname'] !== 'late';
  };

  it('arrives with the next read, which reaches back before the last one began', async () => {
    expect(await missed(5)).toBe(false);
  });

  it('never arrives without the look-back (mutation)', async () => {
    expect(await missed(0)).toBe(true);
  });
});

describe('rows that change while the pages of a search are read', () => {
  /** Changes rows of the first page when the first page is there. */
  const missed = async (alter: (request: string, response: Json) => Json) => {
    const { account, store } = await accountWithDeals();
    const positions = [...store.live(0)];
    for (const position of positions) store.update(position, { dealname: 'changed' }, account.clock.now);
    account.clock.now += 10;
    let searches = 0;
    account.onResponse = (request) => {
      if (!request.endsWith('/search')) return;
      searches += 1;
      if (searches > 1) return;
      for (const position of positions.slice(0, 50)) store.archive(position, account.clock.now);
    };
    account.alter = alter;
    await account.read('deals', only);
    const live = account.warehouse.live('deals');
    return positions.slice(50).filter((position) => live.get(store.idOf(position))?.['dealname'] !== 'changed').length;
  };

  it('hide no other row: pages begin behind the last id', async () => {
    expect(await missed((_request, response) => response)).toBe(0);
  });

  it('would hide some if the last id on a page were not the greatest read (mutation)', async () => {
    const withoutOrder = (request: string, response: Json): Json => {
      if (!request.includes('/search') || !isJsonObject(response) || !Array.isArray(response['results']))
        return response;
      const { results, paging, ...rest } = response;
      // As a search in another order would: the greatest id comes first, rows with lesser ids only later.
      return paging === undefined || results === undefined ? response : { ...rest, paging, results: results.slice(-1) };
    };
    expect(await missed(withoutOrder)).toBeGreaterThan(0);
  });
});

describe('a read that ends early', () => {
  const gone = async (stopAfter: number | undefined) => {
    const { account } = await accountWithDeals();
    const before = account.warehouse.live('deals').size;
    await account.read('deals', { ...only, fullRead: true, ...(stopAfter !== undefined && { stopAfter }) });
    return before - account.warehouse.live('deals').size;
  };

  it('proves nothing gone', async () => {
    expect(await gone(2)).toBe(0);
  });

  it('would lose what it did not reach if it counted as complete (mutation)', async () => {
    const { account } = await accountWithDeals();
    const before = account.warehouse.live('deals').size;
    account.alter = (request, response) => {
      if (!/GET .*0-3\?/.test(request) || !isJsonObject(response)) return response;
      const { paging: _paging, ...rest } = response;
      return rest;
    };
    await account.read('deals', { ...only, fullRead: true });
    expect(before - account.warehouse.live('deals').size).toBeGreaterThan(100);
  });
});
