import { join } from 'node:path';
import { LOOPBACK, rememberedPorts } from '@pipeline/local-stack';
import type { Environment } from '@pipeline/service';

const APIS = ['hubspot', 'xero', 'wrike', 'control'] as const;

/** So many times faster than the real APIs' limits, or a demo would mostly wait. */
const RATE_LIMIT_FACTOR = '20';

/** The variables that open the sandbox and point the taps at it, with credentials that open nothing else. */
export async function sandboxVariables(dataDir: string): Promise<Environment> {
  const ports = await rememberedPorts(join(dataDir, 'ports.json'), APIS);
  const address = (api: (typeof APIS)[number]) => `http://${LOOPBACK}:${ports[api]}`;
  return {
    SANDBOX_RATE_LIMIT_FACTOR: RATE_LIMIT_FACTOR,
    TAP_RATE_LIMIT_FACTOR: RATE_LIMIT_FACTOR,
    SANDBOX_HOST: LOOPBACK,
    ...Object.fromEntries(APIS.map((api) => [`SANDBOX_${api.toUpperCase()}_PORT`, String(ports[api])])),
    HUBSPOT_BASE_URL: address('hubspot'),
    HUBSPOT_TOKEN: 'hubspot-sandbox-token',
    XERO_BASE_URL: address('xero'),
    XERO_IDENTITY_URL: address('xero'),
    XERO_CLIENT_ID: 'xero-sandbox-client',
    XERO_CLIENT_SECRET: 'xero-sandbox-secret',
    XERO_REFRESH_TOKEN: 'xero-sandbox-refresh-token',
    WRIKE_BASE_URL: address('wrike'),
    WRIKE_TOKEN: 'wrike-sandbox-token',
  };
}
