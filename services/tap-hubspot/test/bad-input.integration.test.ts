import type { ServerResponse } from 'node:http';
import { connectTap, readStream } from '@pipeline/tap-kit/testing';
import { OAUTH_CLIENT } from '../../sandbox/src/hubspot/access/access.ts';
import { tap } from '../src/tap.ts';
import { runTap } from './support/run-tap.ts';
import { type ServedAccount, serveAccount } from './support/server.ts';

let account: ServedAccount;

afterEach(() => account.close());

const stream = (name: string) => {
  const found = tap.streams.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
};
const connect = (settings: object = {}) =>
  connectTap(
    tap,
    { access_token: 'pat-na1-sandbox', base_url: account.url, ...settings },
    { now: () => account.clock.now },
  );

async function read(name: string, options: Partial<Parameters<typeof readStream>[2]> = {}) {
  const connected = await connect();
  const startedAt = new Date(account.clock.now).toISOString();
  return readStream(connected, stream(name), { startedAt, ...options }).finally(connected.close);
}

const run = (select: string[]) => runTap(account.url, select);

describe('credentials', () => {
  it('that HubSpot refuses are told as such, with what to do', async () => {
    account = await serveAccount();
    await expect(connect({ access_token: 'pat-na1-revoked' })).rejects.toMatchObject({
      code: 'SOURCE_UNAUTHORISED',
      recovery: 'fix-config',
    });
  });

  it('that are revoked in the middle of a read end it, with its place kept', async () => {
    account = await serveAccount({ deals: 1_500 }, ({ url }, response) => {
      if (url?.includes('after=') !== true || pages++ < 11) return false;
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'error', category: 'INVALID_AUTHENTICATION' }));
      return true;
    });
    let pages = 0;
    const { records, state, stderr, code } = await run(['deals', 'companies']);
    expect(code).toBe(1);
    expect(records.length).toBeGreaterThanOrEqual(1_000);
    expect(state.bookmarks.deals.position).toHaveProperty('after');
    expect(stderr).toMatch(/deals failed: SOURCE_UNAUTHORISED: .*Copy the current one/);
  });

  it('of an installed app are refreshed when they expire in the middle of a read', async () => {
    account = await serveAccount({ deals: 300 });
    const oauth = { client_id: OAUTH_CLIENT.id, client_secret: OAUTH_CLIENT.secret };
    const settings = { access_token: undefined, ...oauth, refresh_token: 'na1-hubspot-sandbox-refresh-token' };
    const connected = await connect(settings);
    account.api.expireTokens();
    const startedAt = new Date(account.clock.now).toISOString();
    const deals = await readStream(connected, stream('deals'), { startedAt }).finally(connected.close);
    expect(deals.isComplete).toBe(true);
  });
});

describe('a missing scope', () => {
  it('fails its stream in the executable: the others are read, and the exit code is not 0', async () => {
    account = await serveAccount({ missingScopes: ['crm.objects.companies.read'] });
    const { records, stderr, code } = await run(['companies', 'deals']);
    expect(code).not.toBe(0);
    expect(records.filter((line) => line.includes('"stream":"deals"')).length).toBeGreaterThan(50);
    expect(stderr).toMatch(/companies.*crm\.objects\.companies\.read/s);
  });

  it('is found by a check, for streams and pairs', async () => {
    account = await serveAccount({ missingScopes: ['crm.objects.companies.read'], notActivated: ['0-421'] });
    const connected = await connect();
    const found = (await tap.check?.(connected).finally(connected.close)) ?? [];
    const refused = found.filter(({ isReadable }) => !isReadable).map((one) => one.stream);
    expect(refused).toContain('companies');
    expect(refused).toContain('deals_companies');
    expect(refused).toContain('appointments');
    expect(refused).not.toContain('deals');
    expect(found.find((one) => one.stream === 'companies')?.reason).toContain('crm.objects.companies.read');
    expect(found.find((one) => one.stream === 'appointments')?.reason).toContain('object library');
  });
});

describe("the day's requests", () => {
  it('end the read with its place kept, and the next day goes on', async () => {
    account = await serveAccount({ deals: 1_500, callsPerDay: 12 });
    const first = await read('deals', { select: [{ stream: 'deals' }] });
    expect(first.isComplete).toBe(false);
    expect(first.endedBy?.context['stopsRun']).toBe(true);
    expect(first.bookmark).toHaveProperty('position');
    account.clock.now += 86_400_000;
    const second = await read('deals', { select: [{ stream: 'deals' }], state: first.state });
    const count = [first, second]
      .flatMap(({ steps }) => steps)
      .reduce((sum, step) => sum + ('records' in step ? step.records.length : 0), 0);
    expect(second.endedBy ?? second.isComplete).toBeTruthy();
    expect(count).toBeGreaterThanOrEqual(1_000);
  });

  it('that are used up before the first stream leave every stream for the next day', async () => {
    account = await serveAccount({ callsPerDay: 0 });
    const { records, stderr, code } = await run(['deals', 'companies']);
    expect([code, records]).toEqual([3, []]);
    for (const name of ['deals', 'companies']) {
      expect(stderr).toMatch(new RegExp(`${name} is incomplete: SOURCE_RATE_LIMITED: .* until midnight`));
    }
  });

  it('end the executable with a code that is not 0, its place kept and a summary that says until when', async () => {
    account = await serveAccount({ deals: 3_000, callsPerDay: 25 });
    const { records, state, stderr, code } = await run(['deals', 'deals_companies', 'companies']);
    expect(code).toBe(3);
    expect(records.length).toBeGreaterThan(1_000);
    expect(state.bookmarks.deals.position).toMatchObject({ by: 'list', after: expect.any(String) });
    const summary = stderr.slice(stderr.lastIndexOf('deals is incomplete'));
    expect(summary).toMatch(/deals is incomplete: SOURCE_RATE_LIMITED: .* until midnight in the account's time zone/);
    expect(summary).toMatch(/companies is incomplete: SOURCE_RATE_LIMITED/);
  });
});

describe('a response that makes no sense', () => {
  const page = (response: ServerResponse, type: string, body: string) => {
    response.writeHead(200, { 'content-type': type }).end(body);
    return true;
  };

  it('is HTML instead of JSON', async () => {
    account = await serveAccount({}, ({ url }, response) =>
      url?.startsWith('/crm/objects') === true ? page(response, 'text/html', '<html>maintenance</html>') : false,
    );
    await expect(read('companies')).rejects.toMatchObject({ code: 'SOURCE_MALFORMED_RESPONSE' });
  });

  it('is a cursor without end', async () => {
    const endless = JSON.stringify({ results: [], paging: { next: { after: '5' } } });
    account = await serveAccount({}, ({ url }, response) =>
      url?.startsWith('/crm/objects') === true ? page(response, 'application/json', endless) : false,
    );
    await expect(read('companies')).rejects.toMatchObject({ code: 'SOURCE_MALFORMED_RESPONSE', recovery: 'fail' });
  });

  it('is a body that is cut: it is asked for again', async () => {
    let cut = 0;
    account = await serveAccount({}, ({ url }, response) => {
      if (url?.startsWith('/crm/objects') !== true || cut > 0) return false;
      cut += 1;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"results":[', () => response.socket?.destroy());
      return true;
    });
    const companies = await read('companies');
    expect(cut).toBe(1);
    expect(companies.isComplete).toBe(true);
  });
});

describe('a record of more than 4 MiB', () => {
  it('arrives whole, in a page that is followed by smaller ones', async () => {
    account = await serveAccount({ deals: 300 });
    const text = 'x'.repeat(5 * 1024 * 1024);
    account.api.portal.objects.get('deals')?.update(0, { description: text }, account.clock.now);
    const connected = await connect();
    const startedAt = new Date(account.clock.now).toISOString();
    const select = [{ stream: 'deals' }];
    const deals = await readStream(connected, stream('deals'), { startedAt, select }).finally(connected.close);
    const [first] = deals.steps.flatMap((step) => ('records' in step ? step.records : []));
    expect(first?.['description'] === text).toBe(true);
    const lists = connected.requests.filter(({ path }) => path === '/crm/objects/2026-09/0-3');
    expect(lists.slice(0, 2).map(({ query }) => query?.['limit'])).toEqual([100, 50]);
  });
});

describe('a value that is no date', () => {
  it('is kept beside its column', async () => {
    account = await serveAccount();
    const store = account.api.portal.objects.get('deals');
    store?.update(0, { renewal_date: 'soon', closedate: '2024-02-30T00:00:00Z' }, account.clock.now);
    const deals = await read('deals');
    const [first] = deals.steps.flatMap((step) => ('records' in step && step.stream === 'deals' ? step.records : []));
    expect(first).toMatchObject({
      renewal_date: null,
      closedate: null,
      _unparsed: { renewal_date: 'soon', closedate: '2024-02-30T00:00:00Z' },
    });
  });
});

describe('fields that are selected', () => {
  it('are the only ones asked for, and an unknown one is told', async () => {
    account = await serveAccount();
    const connected = await connect();
    const startedAt = new Date(account.clock.now).toISOString();
    const select = [{ stream: 'deals', fields: ['amount', 'no_such_property'] }];
    const deals = await readStream(connected, stream('deals'), { startedAt, select }).finally(connected.close);
    const [list] = connected.requests.filter(({ path }) => path === '/crm/objects/2026-09/0-3');
    expect(String(list?.query?.['properties']).split(',')).toEqual([
      'amount',
      'hs_lastmodifieddate',
      'hs_merged_object_ids',
    ]);
    const [first] = deals.steps.flatMap((step) => ('records' in step ? step.records : []));
    expect(Object.keys(first ?? {}).sort()).toEqual(['amount', 'hs_lastmodifieddate', 'id']);
    expect(deals.isComplete).toBe(true);
    expect(deals.notices).toEqual([
      expect.objectContaining({ code: 'UNKNOWN_FIELD', message: expect.stringContaining('no_such_property') }),
    ]);
  });
});
