import { PipelineError } from '@pipeline/protocol';
import type { JsonObject } from '@pipeline/singer';
import { type HttpClient, malformedResponse, type ReadContext } from '@pipeline/tap-kit';
import { z } from 'zod';
import type { Settings } from '../settings.ts';

const Connection = z.looseObject({ tenantId: z.string(), tenantType: z.string(), tenantName: z.string().optional() });

/** An organisation that the app is connected to. */
export interface Tenant {
  id: string;
  name: string;
  /** What every request for it carries. A custom connection belongs to one organisation; Xero wants no header from it. */
  headers: Record<string, string>;
  connection: JsonObject;
}

/** Connections change when a person connects or leaves an organisation. */
const TENANTS_TTL_MS = 5 * 60_000;

export type TenantSettings = Pick<Settings, 'refresh_token' | 'tenant_id'>;

/** The organisations to read, in a stable order. */
export function tenantsOf({ cached, http, settings }: Pick<ReadContext<Settings>, 'cached' | 'http' | 'settings'>) {
  return cached('tenants', TENANTS_TTL_MS, () => fetchTenants(http, settings));
}

/** @throws PipelineError `XERO_TENANT_UNKNOWN`, with recovery `fix-config`. */
export async function fetchTenants(http: HttpClient, settings: TenantSettings): Promise<Tenant[]> {
  const listed = z.array(Connection).safeParse(await http.json({ path: 'connections' }));
  if (!listed.success) throw malformedResponse('connections', 'is no list of connections');
  const organisations = listed.data.filter(({ tenantType }) => tenantType === 'ORGANISATION');
  const known = organisations.map(({ tenantId }) => tenantId);
  const wanted = settings.tenant_id
    ?.split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  const missing = wanted?.filter((id) => !known.includes(id)) ?? [];
  if (known.length === 0 || missing.length > 0) throw unknownTenant(known, missing);
  return organisations
    .filter(({ tenantId }) => wanted === undefined || wanted.includes(tenantId))
    .sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1))
    .map((connection) => ({
      id: connection.tenantId,
      name: connection.tenantName ?? connection.tenantId,
      headers: settings.refresh_token === undefined ? {} : { 'Xero-Tenant-Id': connection.tenantId },
      connection: connection as JsonObject,
    }));
}

function unknownTenant(known: readonly string[], missing: readonly string[]): PipelineError {
  const found = known.length === 0 ? 'to no organisation' : `only to ${known.join(', ')}`;
  const wish = missing.length === 0 ? 'an organisation' : missing.join(', ');
  return new PipelineError({
    code: 'XERO_TENANT_UNKNOWN',
    recovery: 'fix-config',
    message: `the app is connected ${found}: connect it to ${wish} (tap-xero --connect), or correct tenant_id. After a new consent an organisation may have another id`,
  });
}
