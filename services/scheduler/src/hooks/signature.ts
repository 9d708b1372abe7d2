import { createHmac } from 'node:crypto';
import { isSame } from '../access/secrets.ts';

/** HMAC-SHA256 over these parts, one after the other. */
export function hmac(secret: string, parts: (string | Buffer)[], encoding: 'base64' | 'hex'): string {
  const digest = createHmac('sha256', secret);
  for (const part of parts) digest.update(part);
  return digest.digest(encoding);
}

/** Whether a header holds what was computed, compared in constant time. */
export const isSigned = (given: string | undefined, expected: string): boolean =>
  given !== undefined && isSame(given, expected);
