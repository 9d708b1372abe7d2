import { clientOf, connectTap } from '@pipeline/tap-kit/testing';
import { z } from 'zod';
import { fetchList } from '../src/reading/list.ts';
import { tenantsOf } from '../src/reading/tenants.ts';
import { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';
import { contextOf, THINGS } from './shifting-list.ts';
import { settingsFor, startXero, type XeroSandbox } from './xero-sandbox.ts';

const Connections = z.array(z.looseObject({ id: z.string(), tenantId: z.string() }));

let xero: XeroSandbox | undefined;
afterEach(async () => {
  await xero?.close();
  xero = undefined;
});

it('a wrong client secret is told as one', async () => {
  xero = await startXero({ deals: 5 });
  const connecting = connectTap(tap, { ...settingsFor(xero.url), client_secret: 'wrong' }, { now: () => Date.now() });
  await expect(connecting).rejects.toMatchObject({
    code: 'OAUTH_REFUSED',
    recovery: 'fix-config',
    message: expect.stringContaining('client id and client secret'),
  });
});

it('an organisation that refuses access makes the stream incomplete; the other one is read', async () => {
  xero = await startXero({ deals: 20, organisations: 2, streams: ['accounts'] });
  const [gone, kept] = Connections.parse(await xero.session.http.json({ path: 'connections' }));
  const [accounts] = tap.streams.filter(({ name }) => name === 'accounts');
  if (accounts === undefined || gone === undefined || kept === undefined) throw new Error('no accounts');
  // The tap knows the organisations already; then the connection ends.
  const order = await tenantsOf(xero.session);
  expect(order).toHaveLength(2);
  await xero.disconnect(gone.id);
  const read = await xero.read(accounts);
  expect(read.incomplete.get('accounts')).toMatchObject({
    code: 'SOURCE_FORBIDDEN',
    message: expect.stringContaining('connect the app to it again'),
  });
  const tenants = new Set([...xero.warehouse.live('accounts').values()].map((row) => row['TenantID']));
  expect([...tenants]).toEqual([kept.tenantId]);
});

it.each([
  ['a list of another form', { Things: {} }],
  ['rows that are no objects', { Things: ['x'] }],
  ['no list', {}],
])('%s is a malformed response, and names the path', async (_, response) => {
  const reading = fetchList(contextOf(clientOf(async () => response)), THINGS.tenant, { path: 'Things' });
  await expect(reading).rejects.toMatchObject({
    code: 'SOURCE_MALFORMED_RESPONSE',
    recovery: 'fail',
    message: expect.stringContaining('Things'),
  });
});

it.each([
  ['read_minutes', 'invoices=10', 'must look like invoices:10 items:1440'],
  ['start_date', 'yesterday', 'ISO'],
  ['daily_budget_fraction', '2', '1'],
  ['lookback_minutes', '0', '1'],
  ['report_months', '13', '12'],
])('the setting %s is not %s', (name, value, hint) => {
  const parsed = Settings.safeParse({ client_id: 'c', client_secret: 's', [name]: value });
  expect(parsed.error?.issues).toMatchObject([{ path: [name], message: expect.stringContaining(hint) }]);
});
