import { createHubspotApi } from './hubspot/api.ts';
import type { SourceApi, SourceApiOptions } from './source-api.ts';
import { createWrikeApi } from './wrike/api.ts';
import { createXeroApi } from './xero/api.ts';

export type SourceName = SourceApi['source'];

/** Every API that the sandbox imitates. A new one adds its line at the end: the order decides which random draws each gets. */
export const sources: readonly (readonly [SourceName, (options: SourceApiOptions) => SourceApi])[] = [
  ['wrike', createWrikeApi],
  ['xero', createXeroApi],
  ['hubspot', createHubspotApi],
];
