import type { Connected, HttpClient } from '@pipeline/tap-kit';
import { fetchTenants, type TenantSettings } from './reading/tenants.ts';

/** Proves the credentials and names the organisations to read.
 *  @throws PipelineError `XERO_TENANT_UNKNOWN`, with recovery `fix-config`. */
export async function connect(http: HttpClient, settings: TenantSettings): Promise<Connected> {
  const tenants = await fetchTenants(http, settings);
  const account = { id: tenants.map(({ id }) => id).join(), name: tenants.map(({ name }) => name).join(', ') };
  return { account };
}
