import { PipelineError } from '@pipeline/contracts';
import type { HttpClient } from '@pipeline/tap-kit';
import { z } from 'zod';
import type { XeroSettings } from './settings.ts';

const Connections = z.array(z.object({ tenantId: z.string(), tenantType: z.string() }));

/** Proves the credentials and finds the organisation to read.
 *  @throws PipelineError `XERO_TENANT_UNKNOWN` or `XERO_TENANT_AMBIGUOUS`, with recovery `fix-config`. */
export async function connect(
  http: HttpClient,
  settings: Pick<XeroSettings, 'refresh_token' | 'tenant_id'>,
): Promise<{ headers?: Record<string, string> }> {
  const connections = Connections.parse(await http.json({ path: 'connections' }));
  const tenants = connections.filter(({ tenantType }) => tenantType === 'ORGANISATION').map(({ tenantId }) => tenantId);
  const wanted = tenants.filter((tenant) => (settings.tenant_id ?? tenant) === tenant);
  const [tenant, ...others] = wanted;
  if (tenant === undefined) {
    const found = tenants.length === 0 ? 'to no organisation' : `only to ${tenants.join(', ')}`;
    throw unusable(
      'XERO_TENANT_UNKNOWN',
      `the app is connected ${found}: connect it to the wanted one or correct tenant_id`,
    );
  }
  if (others.length > 0) {
    throw unusable(
      'XERO_TENANT_AMBIGUOUS',
      `the app is connected to several organisations: set tenant_id to one of ${wanted.join(', ')}`,
    );
  }
  // A custom connection belongs to one organisation; Xero wants no header from it.
  return settings.refresh_token === undefined ? {} : { headers: { 'Xero-Tenant-Id': tenant } };
}

function unusable(code: string, message: string): PipelineError {
  return new PipelineError({ code, recovery: 'fix-config', message });
}
