import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** What the database keeps of a token or a cookie. 256 random bits need no slow hash. */
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** An access token. The prefix lets scanners of secrets know it. */
export const newToken = (): string => `pipeline_${randomBytes(SECRET_BYTES).toString('base64url')}`;

/** The secret of a session's cookie. */
export const newCookie = (): string => randomBytes(SECRET_BYTES).toString('base64url');

export const newSessionId = (): string => randomBytes(8).toString('hex');

/** The CSRF token of a session follows from its cookie, which no script can read. */
export const csrfToken = (cookie: string): string => createHmac('sha256', cookie).update('csrf').digest('base64url');

export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}
