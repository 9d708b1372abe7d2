import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from '@pipeline/control';

const SECRET_BYTES = 32;

/** The secret of a session's cookie. */
export const newCookie = (): string => randomBytes(SECRET_BYTES).toString('base64url');

export const newSessionId = (): string => randomBytes(8).toString('hex');

/** The CSRF token of a session follows from its cookie, which no script can read. */
export const csrfToken = (cookie: string): string => createHmac('sha256', cookie).update('csrf').digest('base64url');

export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}
