import { Random } from '../../sandbox/src/random.ts';
import { tap } from '../src/tap.ts';
import { Account } from './support/account.ts';

const DAY = 86_400_000;
const SELDOM = {
  archived_refresh_minutes: 1_440,
  associations_refresh_minutes: 1_440,
  calculated_refresh_minutes: 1_440,
};
const CUSTOM = ['custom_machine', 'custom_machine_pipelines', 'custom_visits'];

let account: Account;

beforeEach(async () => {
  account = new Account({ deals: 80 });
  await account.discover();
});
afterEach(() => expect(account.notImitated).toEqual([]));

describe.each([...tap.streams.map(({ name }) => name), ...CUSTOM])('the stream %s', (name) => {
  it('brings what there is, and what changes', async () => {
    await account.read(name);
    expect(account.differences([name])).toEqual([]);
    expect(account.warehouse.live(name).size).toBeGreaterThan(0);
    account.change(300, new Random(7));
    await account.read(name);
    expect(account.differences([name])).toEqual([]);
  });

  it('is compared column by column', async () => {
    await account.read(name);
    const truth = account.api.truth().find(({ stream }) => stream === name);
    // Counts of other objects change without a sign: they have tests of their own.
    const left = name === 'companies' ? ['num_associated_deals'] : [];
    expect(truth && account.warehouse.columnsBeyond(truth)).toEqual(left);
  });

  it('has the columns that it declares', async () => {
    const { stream, steps } = await account.read(name);
    const known = Object.keys(stream.schema.properties ?? {});
    for (const step of steps) {
      if (!('records' in step) || step.stream !== name) continue;
      for (const record of step.records) for (const column of stream.keyProperties) expect(record[column]).toBeTruthy();
      expect(known).toEqual(expect.arrayContaining(Object.keys(step.records[0] ?? {})));
    }
  });
});

describe('a type of objects of which nothing changed', () => {
  it.each(['deals', 'contacts', 'calls', 'custom_machine'])('takes one request: %s', async (name) => {
    account = new Account({ settings: SELDOM });
    await account.discover();
    await account.read(name);
    account.requests = [];
    account.clock.now += 300_000;
    await account.read(name);
    expect(account.requests).toEqual([expect.stringMatching(/^POST .*\/search$/)]);
  });
});

describe('the first read of a type of objects', () => {
  it('takes one request for each hundred objects, and for each thousand in a pair', async () => {
    account = new Account({ deals: 2_000 });
    await account.read('deals');
    const asked = (part: string) => account.requests.filter((request) => request.includes(part)).length;
    expect(asked('GET /crm/objects/2026-09/0-3')).toBe(20);
    expect(asked('/crm/associations/2026-09/0-3/0-1/batch/read')).toBe(2);
    // The deal with a consortium has a second page.
    expect(asked('/crm/associations/2026-09/0-3/0-2/batch/read')).toBe(3);
    expect(asked('/batch/read') - asked('/crm/associations/')).toBe(40);
  });
});

describe('former values', () => {
  it('are read of further properties when the settings name them', async () => {
    account = new Account({ settings: { property_history: { contacts: ['lifecyclestage'] } } });
    await account.discover();
    const read = await account.read('contacts');
    const rows = read.steps.flatMap((step) =>
      'records' in step && step.stream === 'contacts_property_history' ? step.records : [],
    );
    expect(rows.length).toBeGreaterThan(50);
    expect(rows[0]).toMatchObject({ contact_id: expect.any(String), property: 'lifecyclestage' });
  });
});

describe('further pairs of types', () => {
  it('become streams when the settings name them', async () => {
    account = new Account({ settings: { association_pairs: 'companies:contacts,2-7000001:contacts' } });
    await account.discover();
    const read = await account.read('companies');
    const pair = read.steps.flatMap((step) =>
      'records' in step && step.stream === 'companies_contacts' ? step.records : [],
    );
    expect(pair.length).toBe(rowsOf('contacts_companies'));
    expect(new Set(pair.map((row) => row['association_type_id']))).toEqual(new Set([2, 6, 280]));
  });

  it('are refused when one of them is no type', async () => {
    account = new Account({ settings: { association_pairs: 'deals:unicorns' } });
    await expect(account.discover()).rejects.toMatchObject({ code: 'CONFIG_INVALID', recovery: 'fix-config' });
  });

  const rowsOf = (stream: string) => [...(account.api.truth().find((one) => one.stream === stream)?.rows ?? [])].length;
});

describe('calculated properties', () => {
  const dealsOf = (id: string) => account.warehouse.live('companies').get(id)?.['num_associated_deals'];

  /** A deal's new company has one deal more, and no sign of it. */
  async function afterSilentChange(minutes: number) {
    account = new Account({ settings: { ...SELDOM, calculated_refresh_minutes: 60 } });
    await account.read('companies');
    const { objects, associations } = account.api.portal;
    const [company = 0] = [...(objects.get('companies')?.live(0) ?? [])];
    const id = objects.get('companies')?.idOf(company) ?? '';
    const before = Number(dealsOf(id));
    const mine = associations.of('companies', company, 'deals').map(({ position }) => position);
    const [deal = 0] = [...(objects.get('deals')?.live(0) ?? [])].filter((one) => !mine.includes(one));
    const links = associations.links(associations.pair('deals', 'companies'));
    links.set(deal, [...links.of(deal), { to: company, isPrimary: false, isLabelled: false }]);
    account.clock.now += minutes * 60_000;
    await account.read('companies');
    return Number(dealsOf(id)) - before;
  }

  it('come right on a schedule of their own, though nothing tells of their change', async () => {
    expect(await afterSilentChange(60)).toBe(1);
  });

  it('are stale until it is due (mutation)', async () => {
    expect(await afterSilentChange(59)).toBe(0);
  });
});

describe('records that are deleted without a trace', () => {
  it('are found when everything is read again', async () => {
    await account.read('contacts');
    const [id = ''] = [...account.warehouse.live('contacts').keys()];
    account.api.portal.objects.get('contacts')?.remove(account.api.portal.objects.get('contacts')?.positionOf(id) ?? 0);
    await account.read('contacts');
    expect(account.warehouse.live('contacts').has(id)).toBe(true);
    account.clock.now += DAY;
    await account.read('contacts', { fullRead: true });
    expect(account.differences(['contacts'])).toEqual([]);
  });
});
