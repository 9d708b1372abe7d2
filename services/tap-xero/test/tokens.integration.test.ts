import { inspect } from 'node:util';
import { emptyState } from '@pipeline/singer';
import { connectTap, memoryTokenStore, readStream } from '@pipeline/tap-kit/testing';
import type { StoredTokens, TokenStore } from '../../../libs/tap-kit/src/auth/token-store.ts';
import type { XeroApiOptions } from '../../sandbox/src/xero/api/api.ts';
import { startXeroServer, type XeroServer } from '../../sandbox/test/xero/xero-server.ts';
import { httpPolicy } from '../src/client.ts';
import type { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';
import { settingsFor } from './xero-sandbox.ts';

const MINUTE_MS = 60_000;
/** An access token's life. */
const LIFE_MS = 30 * MINUTE_MS;
const REPLICAS = 3;
const REQUESTS = 100;

let xero: XeroServer;
let clock: { now: number };
const lines: string[] = [];

afterEach(() => xero.stop().catch(() => undefined));

async function start(options: Partial<XeroApiOptions> = {}): Promise<void> {
  clock = { now: Date.UTC(2026, 5, 15, 12) };
  xero = await startXeroServer({ rateLimitFactor: 1_000_000, now: () => clock.now, ...options });
}

const connect = (
  more: { settings?: object; tokenStore?: ReturnType<typeof memoryTokenStore>; onResponse?: () => void } = {},
) => {
  const { settings, ...options } = more;
  const log = (_level: string, fields: object, text: string) => void lines.push(JSON.stringify(fields), text);
  return connectTap(tap, { ...settingsFor(xero.url), ...settings }, { now: () => clock.now, log, ...options });
};

/** A token store whose user died when Xero had refreshed the token and before the new one was saved. */
async function diedBeforeSave() {
  let dies = false;
  const tokenStore = memoryTokenStore(() => {
    if (dies) throw new Error('killed');
  });
  const first = await connect({ tokenStore });
  clock.now += LIFE_MS + 1_000;
  dies = true;
  await expect(first.http.json({ path: 'connections' })).rejects.toThrow('killed');
  dies = false;
  return tokenStore;
}

const read = async (session: Awaited<ReturnType<typeof connect>>, name: string) => {
  const stream = tap.streams.find((one) => one.name === name);
  if (stream === undefined) throw new Error(`no ${name}`);
  return readStream(session, stream, { state: emptyState(), startedAt: new Date(clock.now).toISOString() });
};

it('a hundred requests of three replicas at the end of the token cost one refresh', async () => {
  await start();
  const tokenStore = memoryTokenStore();
  const replicas = await Promise.all(Array.from({ length: REPLICAS }, () => connect({ tokenStore })));
  clock.now += LIFE_MS + 1_000;
  const before = xero.tokenRequests();
  const requests = Array.from({ length: REQUESTS }, (_, place) =>
    replicas[place % REPLICAS]?.http.json({ path: 'connections' }),
  );
  await Promise.all(requests);
  expect(xero.tokenRequests() - before).toBe(1);
});

it('they would cost one for each replica if these took no turns (mutation)', async () => {
  await start();
  let stored: StoredTokens | undefined;
  const tokenStore: TokenStore = {
    exclusively: async (work) => {
      const tokens = await work(stored);
      stored = tokens;
      return tokens;
    },
  };
  const replicas = await Promise.all(Array.from({ length: REPLICAS }, () => connect({ tokenStore })));
  clock.now += LIFE_MS + 1_000;
  const before = xero.tokenRequests();
  await Promise.all(replicas.map((replica) => replica.http.json({ path: 'connections' })));
  expect(xero.tokenRequests() - before).toBe(REPLICAS);
});

it('a token that is used and not saved loses the connection (mutation)', async () => {
  await start();
  const forgetful: TokenStore = { exclusively: (work) => work(undefined) };
  const first = await connect({ tokenStore: forgetful });
  await expect(first.http.json({ path: 'connections' })).resolves.toHaveLength(1);
  clock.now += LIFE_MS + MINUTE_MS;
  await expect(connect({ tokenStore: forgetful })).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORISED' });
});

it('a process that dies between the response and the save is followed by one that uses the old token again, within the grace', async () => {
  await start();
  const tokenStore = await diedBeforeSave();
  clock.now += 29 * MINUTE_MS;
  const second = await connect({ tokenStore });
  await expect(second.http.json({ path: 'connections' })).resolves.toHaveLength(1);
});

it('after the grace it has to be authorised again: the connection is lost, and it says so', async () => {
  await start();
  const tokenStore = await diedBeforeSave();
  clock.now += 31 * MINUTE_MS;
  await expect(connect({ tokenStore })).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORISED' });
});

it('a read longer than the life of its token goes on with the next one', async () => {
  await start();
  const session = await connect({ onResponse: () => (clock.now += LIFE_MS / 3) });
  const before = xero.tokenRequests();
  const { isComplete } = await read(session, 'report_trial_balance');
  expect(isComplete).toBe(true);
  expect(xero.tokenRequests() - before).toBeGreaterThanOrEqual(3);
});

it('a dead token asks to be authorised again, with one request and no storm', async () => {
  await start();
  const connecting = connect({ settings: { refresh_token: 'dead' } });
  await expect(connecting).rejects.toMatchObject({
    code: 'SOURCE_UNAUTHORISED',
    recovery: 'fix-config',
    message: expect.stringContaining('authorise the connection again'),
  });
  expect(xero.tokenRequests()).toBe(1);
});

it('a scope that is missing on one endpoint costs no token', async () => {
  await start({ refusedScopes: ['accounting.contacts.read'] });
  const session = await connect();
  const before = xero.tokenRequests();
  const { incomplete } = await read(session, 'contacts');
  expect(incomplete.get('contacts')).toMatchObject({
    code: 'SOURCE_FORBIDDEN',
    message: expect.stringContaining('scope'),
  });
  expect((await read(session, 'invoices')).isComplete).toBe(true);
  expect(xero.tokenRequests() - before).toBe(0);
});

it('it would cost a token each time if a missing scope were taken for a dead token (mutation)', async () => {
  await start({ refusedScopes: ['accounting.contacts.read'] });
  const blind = { ...tap, http: (settings: Settings) => ({ ...httpPolicy(settings), failure: () => undefined }) };
  const session = await connectTap(blind, settingsFor(xero.url), { now: () => clock.now });
  const before = xero.tokenRequests();
  await read(session, 'contacts').catch(() => undefined);
  expect(xero.tokenRequests() - before).toBe(1);
});

describe('a custom connection', () => {
  const custom = { refresh_token: undefined };

  it('tries the broad scopes when it has no granular ones, and reads', async () => {
    await start({ scopeSet: 'broad' });
    const session = await connect({ settings: custom });
    expect(xero.tokenRequests()).toBe(2);
    expect((await read(session, 'invoices')).isComplete).toBe(true);
  });

  it('names the scopes that it lacks, not the client id', async () => {
    await start({ scopeSet: 'broad' });
    const connecting = connect({ settings: { ...custom, scopes: 'accounting.invoices.read' } });
    await expect(connecting).rejects.toMatchObject({
      code: 'OAUTH_INVALID_SCOPE',
      recovery: 'fix-config',
      message: expect.stringMatching(/^(?!.*client id).*accounting\.invoices\.read/),
    });
  });
});

it('no token is in a log, a record, a state, a notice or an error of a run with refreshes, a refusal and a dead end', async () => {
  await start({ refusedScopes: ['accounting.contacts.read'] });
  const secrets = new Set(['xero-sandbox-refresh-token', 'xero-sandbox-secret']);
  const tokenStore = memoryTokenStore((tokens) => {
    for (const text of JSON.stringify(tokens).match(/[\w.-]{20,}/g) ?? []) secrets.add(text);
  });
  const session = await connect({ tokenStore });
  const told: unknown[] = [];
  for (const stream of ['invoices', 'contacts', 'organisation', 'tenants']) {
    const { stream: _, ...brought } = await read(session, stream);
    told.push(brought);
    clock.now += LIFE_MS + 1_000;
  }
  clock.now += 61 * 24 * 60 * MINUTE_MS;
  told.push(await read(session, 'accounts').catch((error: unknown) => error));
  told.push(await connect({ tokenStore }).catch((error: unknown) => error));
  const text = [inspect(told, { depth: 20, maxArrayLength: null, maxStringLength: null, showHidden: true }), ...lines];
  // The client's secret, the first token, and the pairs of three refreshes at least.
  expect(secrets.size).toBeGreaterThanOrEqual(8);
  expect(told.slice(-2)).toEqual([expect.any(Error), expect.any(Error)]);
  expect([...secrets].filter((secret) => text.some((one) => one.includes(secret)))).toEqual([]);
});

it('no token and no secret was logged by any of these', () => {
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('\n')).not.toMatch(/eyJ|xero-sandbox-refresh-token|xero-sandbox-secret|Bearer/);
});
