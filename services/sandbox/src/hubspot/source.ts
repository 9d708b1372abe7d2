import type { SandboxSource } from '../source-api.ts';
import { createHubspotApi } from './api/api.ts';

const TOKEN = 'hubspot-sandbox-token';

export const source: SandboxSource = {
  name: 'hubspot',
  port: 4010,
  create: (options) => createHubspotApi({ tokens: [TOKEN], ...options }),
  tapSettings: (url) => ({ access_token: TOKEN, base_url: url }),
};
