import type { Extract } from '@pipeline/tap-kit';
import type { Faulty } from './batch.ts';

/** An object that HubSpot cannot deliver, set aside with its id. */
export function rejected(stream: string, { id, error }: Faulty, key = 'id'): Extract & { type: 'rejected' } {
  return { type: 'rejected', stream, key: { [key]: id }, reason: error.message, code: error.code };
}
