import { clientOf } from '@pipeline/tap-kit/testing';
import { connect } from '../src/connect.ts';

const organisation = (tenantId: string) => ({ tenantId, tenantType: 'ORGANISATION' });
const answering = (...connections: { tenantId: string; tenantType: string }[]) => clientOf(async () => connections);

describe('connect', () => {
  it('names the only organisation and passes by a practice', async () => {
    const http = answering({ tenantId: 'p', tenantType: 'PRACTICE' }, organisation('a'));
    await expect(connect(http, { refresh_token: 'r' })).resolves.toEqual({ headers: { 'Xero-Tenant-Id': 'a' } });
  });

  it('names the configured one of several', async () => {
    const http = answering(organisation('a'), organisation('b'));
    const connected = connect(http, { refresh_token: 'r', tenant_id: 'b' });
    await expect(connected).resolves.toEqual({ headers: { 'Xero-Tenant-Id': 'b' } });
  });

  it('asks for a choice between several', async () => {
    const connected = connect(answering(organisation('a'), organisation('b')), { refresh_token: 'r' });
    await expect(connected).rejects.toMatchObject({ code: 'XERO_TENANT_AMBIGUOUS', recovery: 'fix-config' });
  });

  it('refuses an organisation that is not connected', async () => {
    const connected = connect(answering(organisation('a')), { refresh_token: 'r', tenant_id: 'z' });
    await expect(connected).rejects.toMatchObject({ code: 'XERO_TENANT_UNKNOWN', recovery: 'fix-config' });
    await expect(connect(answering(), {})).rejects.toMatchObject({ code: 'XERO_TENANT_UNKNOWN' });
  });

  it('sends no tenant for a custom connection', async () => {
    await expect(connect(answering(organisation('a')), {})).resolves.toEqual({});
  });
});
