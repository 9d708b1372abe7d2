import type { SandboxSource } from '../source-api.ts';
import { createXeroApi } from './api/api.ts';

export const source: SandboxSource = {
  name: 'xero',
  port: 4020,
  create: createXeroApi,
  tapSettings: (url) => ({
    client_id: 'xero-sandbox-client',
    client_secret: 'xero-sandbox-secret',
    refresh_token: 'xero-sandbox-refresh-token',
    base_url: url,
    identity_url: url,
    login_url: url,
    // A demonstration shows each change at once; what a day of calls allows is tested with the tap.
    pacing: 'off',
  }),
};
