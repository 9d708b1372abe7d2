import { access } from './access.ts';
import { chaos } from './chaos.ts';
import { control } from './control.ts';
import { hubspot } from './hubspot.ts';
import { loading } from './loading.ts';
import type { Protection } from './protection.ts';
import { publishing } from './publishing.ts';
import { simulation } from './simulation.ts';
import { wrike } from './wrike.ts';
import { xero } from './xero.ts';

export const protections: Protection[] = [
  ...loading,
  ...publishing,
  ...control,
  ...access,
  ...chaos,
  ...hubspot,
  ...wrike,
  ...xero,
  ...simulation,
];
