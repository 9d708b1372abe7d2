import { Random } from '../../sandbox/src/random.ts';
import { Account } from './support/account.ts';

/** What users of other taps met, and what must come of it. */
describe('a search page that is empty and still names a next one', () => {
  it('loses no row behind it', async () => {
    const lag = 2_000;
    const account = new Account({ deals: 420, indexLagMs: lag, settings: { lookback_minutes: 1 } });
    await account.read('deals');
    account.clock.now += 60_000;
    const store = account.api.portal.objects.get('deals');
    if (store === undefined) throw new RangeError('no deals');
    for (const position of store.live(0)) store.update(position, { dealname: 'changed' }, account.clock.now);
    account.clock.now += lag;
    // Archived a moment ago: the index still counts them, and cannot show them.
    for (const position of [...store.live(0)].slice(0, 210)) store.archive(position, account.clock.now);
    await account.read('deals');
    expect(account.differences(['deals'])).toEqual([]);
  });
});

describe('an object with which every batch fails', () => {
  it('is set aside with its id, and the others arrive', async () => {
    const account = new Account({ deals: 300 });
    const [poison = ''] = [...(account.api.portal.objects.get('deals')?.live(40) ?? [])].map((position) =>
      String(account.api.portal.objects.get('deals')?.idOf(position)),
    );
    account.api.account.poisonIds.add(poison);
    const read = await account.read('deals');
    expect(read.isComplete).toBe(true);
    expect(read.rejected).toContainEqual(
      expect.objectContaining({ stream: 'deals_companies', key: { deal_id: poison }, code: 'SOURCE_UNAVAILABLE' }),
    );
    const wanted = [...(account.api.truth().find(({ stream }) => stream === 'deals_companies')?.rows ?? [])];
    const others = wanted.filter((row) => row['deal_id'] !== poison);
    expect(account.warehouse.live('deals_companies').size).toBe(others.length);
    expect(account.warehouse.live('deals').has(poison)).toBe(true);
  });
});

describe('a scope that is missing for one side of a pair', () => {
  const scope = 'crm.objects.companies.read';

  it('stays with the pair: the objects and the other pairs go on', async () => {
    const account = new Account({ missingScopes: [scope] });
    const first = await account.read('deals');
    expect([...first.incomplete.keys()]).toEqual(['deals_companies']);
    expect(first.incomplete.get('deals_companies')?.code).toBe('SOURCE_FORBIDDEN');
    expect(account.warehouse.live('deals_contacts').size).toBeGreaterThan(0);
    expect(account.warehouse.live('deals').size).toBeGreaterThan(0);
  });

  it('costs a search and a single request in each later read', async () => {
    const settings = {
      archived_refresh_minutes: 60,
      associations_refresh_minutes: 60,
      calculated_refresh_minutes: 60,
    };
    const account = new Account({ missingScopes: [scope], settings });
    await account.read('deals');
    account.requests = [];
    const second = await account.read('deals');
    expect(account.requests).toEqual([
      'POST /crm/objects/2026-09/0-3/search',
      'GET /crm/associations/2026-09/0-3/0-2/labels',
    ]);
    expect([...second.incomplete.keys()]).toEqual(['deals_companies']);
  });

  it('is made up for in the first read after it was granted', async () => {
    const account = new Account({ missingScopes: [scope] });
    await account.read('deals');
    account.change(40, new Random(3));
    account.api.account.missingScopes.delete(scope);
    const read = await account.read('deals');
    expect([...read.incomplete.keys()]).toEqual([]);
    expect(account.differences(['deals'])).toEqual([]);
  });
});

describe('a pair that is selected later', () => {
  it('is read whole, without the objects being listed with their values again', async () => {
    const account = new Account();
    const only = (...streams: string[]) => ({ select: streams.map((stream) => ({ stream })) });
    await account.read('deals', only('deals'));
    expect(account.warehouse.live('deals_contacts').size).toBe(0);
    await account.read('deals', only('deals', 'deals_contacts'));
    const truth = account.api.truth().find(({ stream }) => stream === 'deals_contacts');
    expect(truth && account.warehouse.differences(truth)).toEqual([]);
  });
});

describe('sensitive properties', () => {
  const scope = 'crm.objects.tickets.sensitive.read.v2';

  it('are columns when the app may read them', async () => {
    const account = new Account();
    await account.read('tickets');
    const [ticket] = account.warehouse.live('tickets').values();
    expect(ticket?.['patient_number']).toMatch(/^S-\d+$/);
  });

  it('are left out when it may not', async () => {
    const account = new Account({ missingScopes: [scope] });
    const { stream } = await account.read('tickets');
    expect(stream.schema.properties).not.toHaveProperty('patient_number');
    expect(account.warehouse.live('tickets').size).toBeGreaterThan(0);
  });
});

describe('merges', () => {
  it.each(['third-record', 'winner'] as const)('into a %s leave no trace of the losers', async (form) => {
    const account = new Account();
    await account.read('deals');
    const [winner = 0, loser = 0] = [...(account.api.portal.objects.get('deals')?.live(2) ?? [])];
    const idOf = (position: number) => String(account.api.portal.objects.get('deals')?.idOf(position));
    account.clock.now += 1_000;
    const survivor = account.api.merge({ type: 'deals', winner, loser, form });
    await account.read('deals');
    expect(account.differences(['deals'])).toEqual([]);
    expect(account.warehouse.live('deals').has(idOf(loser))).toBe(false);
    expect(account.warehouse.live('deals').has(idOf(winner))).toBe(form === 'winner');
    const merged = [...account.warehouse.live('deals_merges').values()].map((row) => row['merged_id']);
    expect(merged).toContain(idOf(loser));
    expect(idOf(survivor) === idOf(winner)).toBe(form === 'winner');
  });
});

describe('a type that is not there', () => {
  it('is said to be not activated', async () => {
    const account = new Account({ notActivated: ['0-421'] });
    for (const name of ['appointments', 'appointment_pipelines']) {
      await expect(account.read(name)).rejects.toMatchObject({ code: 'SOURCE_TYPE_NOT_ACTIVATED' });
    }
  });

  it('is a deleted custom object: its stream fails, the others go on', async () => {
    const account = new Account();
    await account.discover();
    await account.read('custom_machine');
    account.api.account.notActivated.add('2-7000001');
    account.clock.now += 3_600_000;
    await expect(account.read('custom_machine')).rejects.toMatchObject({ code: 'SOURCE_TYPE_NOT_ACTIVATED' });
    await account.read('deals');
    expect(account.differences(['deals'])).toEqual([]);
  });
});

describe('a bookmark that an earlier version wrote', () => {
  it('goes on with a search, and reads associations whole once', async () => {
    const account = new Account();
    const bookmark = {
      hs_lastmodifieddate: '2023-01-01T00:00:00.000Z',
      children: { read_at: '2026-05-31T00:00:00Z', parents: 60 },
    };
    const state = {
      bookmarks: { deals: bookmark },
      full_read_at: { deals: new Date(account.clock.now).toISOString() },
    };
    await account.read('deals', { state });
    expect(account.requests).toContain('POST /crm/objects/2026-09/0-3/search');
    expect(account.differences(['deals'])).toEqual([]);
    account.requests = [];
    await account.read('deals');
    expect(account.requests).not.toContain('GET /crm/associations/2026-09/0-3/0-2/labels');
  });
});
