import type { HubspotApi } from '../../src/hubspot/api/api.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox.ts';

/** The forms of requests that clients of the real API send, each of which an imitation may get wrong. */
let sandbox: Sandbox;

beforeAll(async () => {
  const now = () => Date.UTC(2026, 5, 1);
  sandbox = await startSandbox({ deals: 300, only: ['hubspot'], rateLimitFactor: 1_000_000, now });
});
afterAll(() => sandbox.stop());

async function ask(path: string, body?: object) {
  const response = await fetch(`${sandbox.url('hubspot')}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer hubspot-sandbox-token', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const rows = (stream: string) => [...sandbox.truth('hubspot', stream).rows];
const first = rows.bind(undefined, 'deals');
const idOf = (index = 0) => String(first()[index]?.['id']);
const search = (body: object) => ask('/crm/objects/2026-09/0-3/search', body);

describe('a list', () => {
  it('takes repeated parameters like a list with commas', async () => {
    const repeated = await ask('/crm/v3/objects/deals?properties=dealname&properties=amount');
    expect(repeated.body.results).toEqual((await ask('/crm/v3/objects/deals?properties=dealname,amount')).body.results);
    expect(Object.keys(repeated.body.results[0].properties)).toContain('dealname');
  });

  it.each(['True', 'TRUE', 'true'])('takes archived=%s', async (flag) => {
    expect((await ask(`/crm/v3/objects/deals?archived=${flag}`)).body.results[0]).toMatchObject({ archived: true });
  });

  it.each(['/crm/v3/objects/deal', '/crm/v3/objects/0-3', '/crm/objects/2026-03/deals', '/crm/objects/2026-09/0-3'])(
    'is the same at %s',
    async (path) => {
      expect((await ask(path)).body.results).toEqual((await ask('/crm/v3/objects/deals')).body.results);
    },
  );

  it('links to the next page with the same parameters', async () => {
    const { paging } = (await ask('/crm/v3/objects/deals?limit=2&properties=dealname')).body;
    expect(paging.next.link).toContain('/crm/v3/objects/deals?limit=2&properties=dealname&after=');
  });

  it('ends inline associations at a hundred objects, with a page of their own behind', async () => {
    const { results } = (await ask('/crm/v3/objects/deals?limit=20&associations=companies')).body;
    const { companies } = results.find(({ id }: { id: string }) => id === '11000000050').associations;
    expect(new Set(companies.results.map(({ id }: { id: string }) => id)).size).toBe(100);
    expect(companies.paging.next.link).toContain('/associations/companies?after=');
  });

  it('returns former values, of fifty objects at most', async () => {
    const { body } = await ask('/crm/v3/objects/deals?propertiesWithHistory=dealstage&limit=50');
    expect(body.results[0].propertiesWithHistory.dealstage[0]).toMatchObject({ value: first()[0]?.['dealstage'] });
    expect((await ask('/crm/v3/objects/deals?propertiesWithHistory=dealstage&limit=51')).status).toBe(400);
  });
});

describe('one object', () => {
  it('is found by another unique property, with associations', async () => {
    const contact = rows('contacts').find(({ email }) => typeof email === 'string');
    const { body } = await ask(
      `/crm/v3/objects/contacts/${contact?.['email']}?idProperty=email&associations=companies`,
    );
    expect(body.id).toBe(contact?.['id']);
  });

  it('is found among the archived only there', async () => {
    const [{ id }] = (await ask('/crm/v3/objects/deals?archived=true')).body.results;
    expect((await ask(`/crm/v3/objects/deals/${id}`)).status).toBe(404);
    expect((await ask(`/crm/v3/objects/deals/${id}?archived=true`)).body.id).toBe(id);
  });

  it('that was merged is returned as the one that is left', async () => {
    const api = sandbox.api('hubspot') as HubspotApi;
    const [winner = 0, loser = 0] = [...(api.portal.objects.get('tickets')?.live(3) ?? [])];
    const ticket = (position: number) => String(api.portal.objects.get('tickets')?.idOf(position));
    const survivor = ticket(api.merge({ type: 'tickets', winner, loser, form: 'third-record' }));
    expect((await ask(`/crm/v3/objects/tickets/${ticket(loser)}`)).body.id).toBe(survivor);
    const batch = await ask('/crm/v3/objects/tickets/batch/read', {
      inputs: [{ id: ticket(winner) }, { id: ticket(loser) }],
    });
    expect(batch.body.results.map(({ id }: { id: string }) => id)).toEqual([survivor]);
    const inputs = [{ id: ticket(winner) }];
    expect((await ask('/crm/v4/associations/tickets/contacts/batch/read', { inputs })).body.results).toEqual([]);
  });
});

describe('a search', () => {
  it('takes filters without their group, and numbers for values', async () => {
    const filter = { propertyName: 'hs_object_id', operator: 'GT', value: Number(idOf(9)) };
    const grouped = await search({ filterGroups: [{ filters: [filter] }] });
    expect((await search({ filters: [filter] })).body).toEqual(grouped.body);
    expect(grouped.body.total).toBe(first().length - 10);
  });

  it('takes sorts as text', async () => {
    const ids = (await search({ sorts: ['-hs_object_id'], limit: 3 })).body.results.map(({ id }: { id: string }) => id);
    expect(ids).toEqual([idOf(first().length - 1), idOf(first().length - 2), idOf(first().length - 3)]);
  });

  it('looks for words', async () => {
    const { total } = (await search({ query: 'renewal' })).body;
    expect(total).toBeGreaterThan(10);
    expect(total).toBeLessThan(first().length);
  });
});

describe('a batch', () => {
  it('takes numbers for ids', async () => {
    const inputs = [{ id: Number(idOf()) }];
    expect((await ask('/crm/v3/objects/deals/batch/read', { inputs })).body.results[0].id).toBe(idOf());
    expect((await ask('/crm/associations/2026-09/0-3/0-2/batch/read', { inputs })).status).toBeLessThan(300);
  });
});

describe('values', () => {
  it('agree with associations: the primary company of a contact is a property of it', () => {
    const primary = new Map(
      rows('contacts_companies').flatMap((row) => (row['is_primary'] ? [[row['contact_id'], row['company_id']]] : [])),
    );
    for (const { id, associatedcompanyid } of rows('contacts')) {
      const company = primary.get(id);
      // A company that was archived is a primary one still.
      if (company !== undefined) expect(JSON.stringify(associatedcompanyid)).toBe(company);
    }
    expect(primary.size).toBeGreaterThan(100);
  });

  it('of numbers are never two', () => {
    for (const { _unparsed } of rows('deals')) expect(JSON.stringify(_unparsed ?? {})).not.toMatch(/months":"\d+;/);
  });
});

describe('what is not understood', () => {
  it('is reported', async () => {
    expect(sandbox.notImitated()).toEqual([]);
    await ask('/crm/v3/objects/deals?hapikey=1');
    await search({ filterGroup: [] });
    await ask('/crm/v3/unicorns');
    expect(sandbox.notImitated().map(({ what }) => what)).toEqual([
      'GET /crm/v3/objects/deals: parameter hapikey',
      'POST /crm/v3/objects/0-3/search: body field filterGroup',
      'GET /crm/v3/unicorns',
    ]);
  });
});
