import type { SandboxSource } from '../source-api.ts';
import { DEFAULT_TOKEN } from './access/access.ts';
import { createWrikeApi } from './api/api.ts';

export const source: SandboxSource = {
  name: 'wrike',
  port: 4030,
  create: createWrikeApi,
  tapSettings: (url) => ({ token: DEFAULT_TOKEN, base_url: url, data_centres: url, allow_other_host: 'true' }),
};
