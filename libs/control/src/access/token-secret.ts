import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** What the database keeps of a token or a cookie. 256 random bits need no slow hash. */
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** An access token. The prefix lets scanners of secrets know it. */
export const newToken = (): string => `pipeline_${randomBytes(SECRET_BYTES).toString('base64url')}`;
