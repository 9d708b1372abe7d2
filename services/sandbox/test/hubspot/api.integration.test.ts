import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox.ts';

type Body = Record<string, unknown>;

let sandbox: Sandbox;
const clock = { now: Date.UTC(2026, 5, 1) };

async function start(options: Partial<SandboxOptions> = {}): Promise<void> {
  sandbox = await startSandbox({
    deals: 300,
    only: ['hubspot'],
    rateLimitFactor: 1_000_000,
    now: () => clock.now,
    ...options,
  });
}

afterEach(() => sandbox.stop());

async function ask(path: string, body?: Body, token = 'hubspot-sandbox-token') {
  const response = await fetch(`${sandbox.url('hubspot')}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

const search = (body: Body) => ask('/crm/v3/objects/deals/search', body);
const changedSince = (value: string) => [
  { filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value }] },
];

describe("HubSpot's API", () => {
  it('is the same company for the same seed', async () => {
    const path = '/crm/v3/objects/deals?limit=100&properties=dealname,amount';
    await start({ seed: 5 });
    const first = await ask(path);
    await sandbox.stop();
    await start({ seed: 5 });
    expect((await ask(path)).body).toEqual(first.body);
  });

  it('refuses a token that it does not know', async () => {
    await start();
    expect(await ask('/account-info/v3/details', undefined, 'pat-na1-other')).toMatchObject({
      status: 401,
      body: { status: 'error', category: 'INVALID_AUTHENTICATION' },
    });
  });

  it('lists by id, without a next page on the last one', async () => {
    await start();
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const { body } = await ask(`/crm/v3/objects/deals?limit=100${after === undefined ? '' : `&after=${after}`}`);
      ids.push(...body.results.map(({ id }: { id: string }) => id));
      after = body.paging?.next.after;
    } while (after !== undefined);
    expect(ids).toEqual([...new Set(ids)].sort((one, other) => Number(one) - Number(other)));
    expect(ids.length).toBe([...sandbox.truth('hubspot', 'deals').rows].length);
  });

  it('refuses a page of more than 100 objects, of more than 200 found, and an address that is too long', async () => {
    await start();
    expect((await ask('/crm/v3/objects/deals?limit=101')).status).toBe(400);
    expect((await search({ limit: 201 })).status).toBe(400);
    const { status, body } = await ask(`/crm/v3/objects/deals?properties=${'a,'.repeat(7_600)}`);
    expect(status).toBe(414);
    expect(body).toContain('<html>');
  });

  it('does not search beyond 10,000 rows', async () => {
    await start();
    expect((await search({ limit: 100, after: '9900' })).status).toBe(200);
    expect(await search({ limit: 101, after: '9900' })).toMatchObject({
      status: 400,
      body: { category: 'VALIDATION_ERROR' },
    });
  });

  it('finds the same by the index as by looking at every value', async () => {
    await start();
    const since = String(Date.UTC(2025, 5, 1));
    const [indexed, scanned] = await Promise.all([
      search({ filterGroups: changedSince(since), limit: 200 }),
      search({ filterGroups: [...changedSince(since), ...changedSince(since)], limit: 200 }),
    ]);
    expect(indexed.body.total).toBeGreaterThan(50);
    expect(indexed.body).toEqual(scanned.body);
  });

  it('returns 500 for a search from the epoch itself', async () => {
    await start();
    expect((await search({ filterGroups: changedSince('0') })).status).toBe(500);
    expect((await search({ filterGroups: changedSince('1000') })).status).toBe(200);
  });

  it('shows a change in searches only after a moment, and in the list at once', async () => {
    await start({ rateLimitFactor: 1 });
    const since = String(clock.now);
    sandbox.mutations.start({ source: 'hubspot', count: 200 });
    expect((await search({ filterGroups: changedSince(since) })).body.total).toBe(0);
    clock.now += 2_000;
    expect((await search({ filterGroups: changedSince(since) })).body.total).toBeGreaterThan(0);
  });

  it('tells in a 207 which objects of a batch there are not', async () => {
    await start();
    const { results } = (await ask('/crm/v3/objects/deals?limit=1')).body;
    const inputs = [{ id: results[0].id }, { id: '9' }];
    const response = await ask('/crm/v3/objects/deals/batch/read', { inputs, properties: ['dealname'] });
    expect(response).toMatchObject({ status: 207, body: { numErrors: 1, errors: [{ context: { ids: ['9'] } }] } });
    expect(response.body.results.length).toBe(1);
  });

  it('pages the companies of a single deal, and refuses a batch with an archived one', async () => {
    await start();
    const path = '/crm/v4/associations/deals/companies/batch/read';
    const id = '11000000050';
    const first = await ask(path, { inputs: [{ id }] });
    const [{ to, paging }] = first.body.results;
    expect(to.length).toBe(100);
    const second = await ask(path, { inputs: [{ id, after: paging.next.after }] });
    expect(second.body.results[0].to.length).toBeGreaterThan(10);
    const archived = (await ask('/crm/v3/objects/deals?archived=true')).body.results[0].id;
    expect((await ask(path, { inputs: [{ id }, { id: archived }] })).status).toBe(400);
  });

  it('limits searches to 5 a second and other requests to 100 in 10 seconds, each with its own 429', async () => {
    await start({ rateLimitFactor: 1 });
    for (let count = 0; count < 5; count += 1) expect((await search({})).status).toBe(200);
    const refused = await search({});
    expect(refused).toMatchObject({ status: 429, body: { category: 'RATE_LIMITS' } });
    expect(refused.headers.get('x-hubspot-ratelimit-max')).toBeNull();
    for (let left = 99; left >= 0; left -= 1) {
      expect((await ask('/crm/v3/owners')).headers.get('x-hubspot-ratelimit-remaining')).toBe(String(left));
    }
    expect(await ask('/crm/v3/owners')).toMatchObject({ status: 429, body: { policyName: 'TEN_SECONDLY_ROLLING' } });
  });
});
