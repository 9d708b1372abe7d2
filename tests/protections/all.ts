import { access } from './access.ts';
import { chaos } from './chaos.ts';
import { control } from './control.ts';
import { existingTables } from './existing-tables.ts';
import { hubspot } from './hubspot.ts';
import { loading } from './loading.ts';
import type { Protection } from './protection.ts';
import { publishing } from './publishing.ts';
import { simulation } from './simulation.ts';
import { wrike } from './wrike.ts';
import { xero } from './xero.ts';

/** By what they protect. */
export const areas: Record<string, Protection[]> = {
  Loading: loading,
  'Tables of others, and versions': existingTables,
  Publishing: publishing,
  'Control of runs': control,
  'Access to the API': access,
  'Whole system under faults': chaos,
  HubSpot: hubspot,
  Wrike: wrike,
  Xero: xero,
  'Simulated platform': simulation,
};
