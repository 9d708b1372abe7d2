import type { HttpPolicy } from '@pipeline/tap-kit';
import type { Settings } from './settings.ts';

export function httpPolicy({ base_url: baseUrl, token }: Settings): HttpPolicy {
  return {
    baseUrl,
    auth: { kind: 'bearer', token },
    limits: [{ name: 'minute', requests: 60, perMs: 60_000 }],
  };
}
