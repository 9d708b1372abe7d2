import { Client } from '@hubspot/api-client';
import { typedValue, UNPARSED } from '../../src/hubspot/company/typed-value.ts';
import { kinds } from '../../src/hubspot/kinds/all.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox.ts';

/** HubSpot's own client reads the imitation: it knows the API's paths, forms and envelopes. */
let sandbox: Sandbox;
let client: Client;

beforeAll(async () => {
  sandbox = await startSandbox({
    deals: 300,
    only: ['hubspot'],
    rateLimitFactor: 1_000_000,
    now: () => Date.UTC(2026, 5, 1),
  });
  client = new Client({ accessToken: 'hubspot-sandbox-token', basePath: sandbox.url('hubspot') });
});
afterAll(() => sandbox.stop());
afterEach(() => expect(sandbox.notImitated()).toEqual([]));

const rows = (stream: string) => [...sandbox.truth('hubspot', stream).rows];
/** Lines of the deal that has more companies than fit on one page. */
const isConsortium = (line: string) => line.startsWith('11000000050 ');
const idsOf = (stream: string) => rows(stream).map(({ id }) => id);

const propertiesOf = (kind: string) => kinds.get(kind)?.properties ?? [];
const namesOf = (kind: string) => propertiesOf(kind).map(({ name }) => name);

interface Written {
  id: string;
  createdAt: Date;
  updatedAt: Date;
  properties: Record<string, string | null>;
}

/** What the client read, in the columns of the truth. */
function asRow(kind: string, { id, createdAt, updatedAt, properties }: Written): object {
  const values = propertiesOf(kind).map(({ name, type }) => {
    const value = typedValue(type, properties[name] ?? null);
    return [name, value === UNPARSED ? null : value];
  });
  return plain({ id, createdAt, updatedAt, ...Object.fromEntries(values) });
}

const plain = (value: unknown): object => JSON.parse(JSON.stringify(value));

/** Compares in every column that the truth has. */
function expectTruth(kind: string, found: readonly Written[], truth: readonly object[]): void {
  expect(found.length).toBe(truth.length);
  const rowsById = new Map(found.map((one) => [one.id, asRow(kind, one)]));
  for (const one of truth) {
    const { archived: _archived, _unparsed, ...row } = plain(one) as Record<string, unknown>;
    expect(rowsById.get(String(row['id']))).toMatchObject(row);
  }
}

it('lists every object with all its properties', async () => {
  for (const kind of ['deals', 'contacts', 'companies', 'tickets', 'products'] as const) {
    expectTruth(kind, await client.crm[kind].getAll(100, undefined, namesOf(kind)), rows(kind));
  }
});

it('lists associations with their objects', async () => {
  const deals = await client.crm.deals.getAll(100, undefined, ['dealname'], undefined, ['companies']);
  const found = deals.flatMap(({ id, associations }) =>
    (associations?.['companies']?.results ?? []).map((company) => `${id} ${company.id}`),
  );
  const expected = rows('deals_companies').map((row) => `${row['deal_id']} ${row['company_id']}`);
  const apart = (lines: string[]) => [...new Set(lines)].filter((line) => !isConsortium(line)).sort();
  expect(apart(found)).toEqual(apart(expected));
  // A page of inline associations ends at a hundred objects.
  expect(new Set(found.filter(isConsortium)).size).toBe(100);
});

it('searches', async () => {
  const since = String(Date.UTC(2025, 5, 1));
  const found = await client.crm.deals.searchApi.doSearch({
    filterGroups: [{ filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE' as never, value: since }] }],
    sorts: ['hs_object_id'],
    properties: namesOf('deals'),
    limit: 200,
    after: '0',
  });
  const expected = rows('deals').filter(({ updatedAt }) => Date.parse(String(updatedAt)) >= Number(since));
  expect(found.total).toBe(expected.length);
  expect(found.results.map(({ id }) => id)).toEqual(expected.map(({ id }) => id).slice(0, 200));
  expectTruth('deals', found.results, expected.slice(0, 200));
});

it('reads a batch, and learns which objects there are not', async () => {
  const [id = ''] = idsOf('companies').map(String);
  const inputs = [{ id }, { id: '9' }];
  const read = await client.crm.companies.batchApi.read(
    { inputs, properties: namesOf('companies'), propertiesWithHistory: [] },
    false,
  );
  expectTruth('companies', read.results, rows('companies').slice(0, 1));
  expect(read).toMatchObject({ numErrors: 1 });
});

it('reads one object by id, with the history of a property', async () => {
  const [id = ''] = idsOf('deals').map(String);
  const deal = await client.crm.deals.basicApi.getById(id, ['dealname'], ['dealstage']);
  expect(deal.id).toBe(id);
  expect(deal.propertiesWithHistory?.['dealstage']?.[0]?.value).toBe(rows('deals')[0]?.['dealstage']);
});

it('reads associations with their labels', async () => {
  const deals = idsOf('deals').map((id) => ({ id: String(id) }));
  const read = await client.crm.associations.v4.batchApi.getPage('deals', 'companies', { inputs: deals });
  const found = read.results.flatMap(({ _from, to }) =>
    to.flatMap(({ toObjectId, associationTypes }) =>
      associationTypes.map(({ category, typeId }) => [_from.id, String(toObjectId), category, typeId].join(' ')),
    ),
  );
  const expected = rows('deals_companies').map((row) =>
    [row['deal_id'], row['company_id'], row['association_category'], row['association_type_id']].join(' '),
  );
  expect(found.filter((line) => !isConsortium(line)).sort()).toEqual(
    expected.filter((line) => !isConsortium(line)).sort(),
  );
  const labels = await client.crm.associations.v4.schema.definitionsApi.getAll('deals', 'companies');
  expect(labels.results.map(({ label }) => label ?? null)).toEqual(['Primary', null, 'Reseller']);
});

it('reads owners, pipelines and properties', async () => {
  const active = await client.crm.owners.ownersApi.getPage(undefined, undefined, 500, false);
  const former = await client.crm.owners.ownersApi.getPage(undefined, undefined, 500, true);
  const owners = new Map([...active.results, ...former.results].map((owner) => [owner.id, plain(owner)]));
  expect(owners.size).toBe(rows('owners').length);
  for (const { userId: _userId, userIdIncludingInactive: _inactive, ...owner } of rows('owners')) {
    expect(owners.get(String(owner['id']))).toMatchObject(plain(owner));
  }
  const pipelines = await client.crm.pipelines.pipelinesApi.getAll('deals');
  expect(pipelines.results.map(({ id, label, displayOrder }) => ({ id, label, displayOrder }))).toEqual(
    rows('deal_pipelines').map(({ id, label, displayOrder }) => ({ id, label, displayOrder })),
  );
  expect(pipelines.results.flatMap(({ stages }) => stages.map(({ id, label }) => `${id} ${label}`))).toEqual(
    rows('deal_pipeline_stages').map(({ id, label }) => `${id} ${label}`),
  );
  const properties = await client.crm.properties.coreApi.getAll('0-3');
  expect(properties.results.map(({ name, type, label }) => ({ name, type, label }))).toEqual(
    rows('properties')
      .filter((row) => row['object_type'] === 'deals' && row['dataSensitivity'] === null)
      .map(({ name, type, label }) => ({ name, type, label })),
  );
});

it('reads custom objects by their type id', async () => {
  const { results } = await client.crm.schemas.coreApi.getAll();
  const [machine] = results;
  expect(machine?.objectTypeId).toBe('2-7000001');
  const page = await client.crm.objects.basicApi.getPage('2-7000001', 100, undefined, ['model']);
  expect(page.results.length).toBeGreaterThan(20);
});

it('reads lists with their members, and forms', async () => {
  const { lists } = await client.crm.lists.listsApi.doSearch({ offset: 0, additionalProperties: ['hs_list_size'] });
  expect(lists.map(({ listId, name, processingType }) => ({ listId, name, processingType }))).toEqual(
    rows('lists').map(({ listId, name, processingType }) => ({ listId, name, processingType })),
  );
  const members = await client.crm.lists.membershipsApi.getPageOrderedByAddedToListDate(
    '101',
    undefined,
    undefined,
    250,
  );
  expect(members.results.length).toBe(Number(lists[0]?.additionalProperties['hs_list_size']));
  expect(members.results.map(({ recordId }) => recordId).sort()).toEqual(
    rows('list_memberships')
      .flatMap((row) => (row['list_id'] === '101' ? [row['record_id']] : []))
      .sort(),
  );
  const forms = await client.marketing.forms.formsApi.getPage();
  const truth = rows('forms').filter((form) => form['formType'] === 'hubspot' && form['archived'] === false);
  expect(forms.results.map(({ id, name, formType }) => ({ id, name, formType }))).toEqual(
    truth.map(({ id, name, formType }) => ({ id, name, formType })),
  );
});
