import { column, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { tenantsOf } from '../reading/tenants.ts';
import type { Settings } from '../settings.ts';

/** The organisations that the app is connected to and that are read. The list counts against no limit. */
export const tenants = defineStream<Settings>({
  name: 'tenants',
  keyProperties: ['TenantID'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({
    TenantID: column.key,
    ConnectionID: column.string,
    TenantName: column.string,
    TenantType: column.string,
    CreatedDateUTC: column.dateTime,
    UpdatedDateUTC: column.dateTime,
  }),
  about: { endpoint: 'GET /connections', deletes: 'whole read', requestsIdle: 1 },
  read: async function* (context) {
    const records = (await tenantsOf(context)).map(({ id, connection }) => ({
      TenantID: id,
      ConnectionID: connection['id'],
      TenantName: connection['tenantName'],
      TenantType: connection['tenantType'],
      CreatedDateUTC: instantOf(connection['createdDateUtc']),
      UpdatedDateUTC: instantOf(connection['updatedDateUtc']),
    }));
    yield { type: 'records', stream: 'tenants', records };
    yield { type: 'deletes', stream: 'tenants', rule: { kind: 'absent' } };
  },
});

/** `2019-12-07T18:46:19.5165400`: UTC without saying so. */
function instantOf(text: unknown): string | null {
  return typeof text === 'string' && text !== '' ? `${text.replace(/Z$/, '')}Z` : null;
}
