import { defineStream, type Stream } from '@pipeline/tap-kit';
import type { Children } from './children.ts';
import { crmSchema, MERGED_IDS } from './crm-object.ts';
import { fetchProperties, type Property } from './property.ts';
import { readCrmObjects } from './read-objects.ts';
import type { HubspotSettings } from './settings.ts';

export interface CrmStreamOptions {
  name: string;
  /** @default hs_lastmodifieddate, as for every type but contacts */
  modifiedProperty?: string;
  /** Properties that every account has, with their types: they are columns even before the account is asked, and views may rely on them. */
  standardProperties: Record<string, 'string' | 'number' | 'bool' | 'date' | 'datetime'>;
  children?: Children;
}

/** A stream of CRM objects of one type. They all have the same API. */
export function crmStream(options: CrmStreamOptions): Stream<HubspotSettings> {
  const { name, children, modifiedProperty = 'hs_lastmodifieddate' } = options;
  const standard: Property[] = Object.entries({
    ...options.standardProperties,
    createdate: 'datetime',
    [modifiedProperty]: 'datetime',
    hs_object_id: 'number',
    [MERGED_IDS]: 'string',
  }).map(([property, type]) => ({ name: property, type }));
  return defineStream({
    name,
    keyProperties: ['id'],
    schema: crmSchema(standard),
    replication: { method: 'INCREMENTAL', key: modifiedProperty },
    ...(children && { children: [children.shape] }),
    discover: async ({ http }) => crmSchema([...standard, ...(await fetchProperties(http, name))]),
    read: (context) => readCrmObjects({ name, modifiedProperty, ...(children && { children }) }, context),
  });
}
