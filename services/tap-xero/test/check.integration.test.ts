import { tap } from '../src/tap.ts';
import { startXero, type XeroSandbox, type XeroSandboxOptions } from './xero-sandbox.ts';

let xero: XeroSandbox;
afterEach(() => xero.close());

async function check(options: XeroSandboxOptions) {
  xero = await startXero(options);
  xero.session.requests.length = 0;
  const access = (await tap.check?.(xero.session)) ?? [];
  return { refused: access.filter(({ isReadable }) => !isReadable), streams: access.map(({ stream }) => stream) };
}

const calls = () => xero.session.requests.filter(({ path }) => path.startsWith('api.xro')).length;

it('says of every stream and child table that it may be read, with a call for each scope', async () => {
  const { refused, streams } = await check({});
  expect(refused).toEqual([]);
  const declared = tap.streams.flatMap(({ name, children = [] }) => [name, ...children.map((child) => child.name)]);
  expect(streams).toEqual(declared);
  expect(calls()).toBeLessThanOrEqual(14);
  expect(xero.notImitated).toEqual([]);
});

it('names the streams that a scope is missing for, the organisation, and what to do; and spends no token on it', async () => {
  const { refused } = await check({
    organisations: 2,
    refusedScopes: ['accounting.journals.read', 'accounting.contacts.read'],
  });
  const parents = ['journals', 'journals_cash', 'contacts', 'contact_groups'];
  expect(refused.map(({ stream }) => stream)).toEqual(expect.arrayContaining(parents));
  expect(refused.every(({ stream }) => /^(?:journal|contact)/.test(stream))).toBe(true);
  expect(refused[0]?.reason).toMatch(/Sandbox Branch 1 .*; Sandbox Company .*\. It needs accounting\.contacts\.read$/);
  expect(xero.session.account?.name).toContain('Sandbox Branch 1');
});

it('a check fails when the source cannot be reached', async () => {
  xero = await startXero({ callsPerDay: 1, rateLimitFactor: 1 });
  await expect(tap.check?.(xero.session)).rejects.toMatchObject({ code: 'SOURCE_RATE_LIMITED' });
});
