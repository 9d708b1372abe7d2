import { clientOf, uncached } from '@pipeline/tap-kit/testing';
import { connect } from '../src/connect.ts';
import { tenantsOf } from '../src/reading/tenants.ts';
import { Settings } from '../src/settings.ts';

const organisation = (tenantId: string) => ({
  tenantId,
  tenantType: 'ORGANISATION',
  tenantName: tenantId.toUpperCase(),
});
const responding = (...connections: { tenantId: string; tenantType: string }[]) => clientOf(async () => connections);
const settings = (more: object = {}) =>
  Settings.parse({ client_id: 'c', client_secret: 's', refresh_token: 'r', ...more });
const idsOf = async (http: ReturnType<typeof responding>, more: object = {}) =>
  (await tenantsOf({ http, cached: uncached, settings: settings(more) })).map(({ id, headers }) => [id, headers]);

describe('the organisations to read', () => {
  it('are all that are connected, in a stable order, without practices', async () => {
    const http = responding(organisation('b'), { tenantId: 'p', tenantType: 'PRACTICE' }, organisation('a'));
    expect(await idsOf(http)).toEqual([
      ['a', { 'Xero-Tenant-Id': 'a' }],
      ['b', { 'Xero-Tenant-Id': 'b' }],
    ]);
  });

  it('are those that are configured', async () => {
    const http = responding(organisation('a'), organisation('b'), organisation('c'));
    expect(await idsOf(http, { tenant_id: 'c, a' })).toEqual([
      ['a', { 'Xero-Tenant-Id': 'a' }],
      ['c', { 'Xero-Tenant-Id': 'c' }],
    ]);
  });

  it('name no tenant for a custom connection', async () => {
    expect(await idsOf(responding(organisation('a')), { refresh_token: undefined })).toEqual([['a', {}]]);
  });
});

describe('connect', () => {
  it('says whose account it is', async () => {
    const connected = await connect(responding(organisation('a')), settings());
    expect(connected).toEqual({ account: { id: 'a', name: 'A' } });
  });

  it('refuses an organisation that is not connected, and says which ones are', async () => {
    const connecting = connect(responding(organisation('a')), settings({ tenant_id: 'z' }));
    await expect(connecting).rejects.toMatchObject({
      code: 'XERO_TENANT_UNKNOWN',
      recovery: 'fix-config',
      message: expect.stringContaining('only to a: connect it to z'),
    });
    await expect(connect(responding(), settings())).rejects.toMatchObject({ code: 'XERO_TENANT_UNKNOWN' });
  });

  it('refuses a list of another form', async () => {
    const connecting = connect(
      clientOf(async () => ({ connections: [] })),
      settings(),
    );
    await expect(connecting).rejects.toMatchObject({ code: 'SOURCE_MALFORMED_RESPONSE' });
  });
});
