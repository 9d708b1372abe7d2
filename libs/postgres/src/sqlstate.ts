import { errorCode } from '@pipeline/protocol';

/** Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html that pass by themselves, or by the hand of whoever looks after
 *  the server: the statement is right, and repeating it later mends it. */
const TRANSIENT_CLASSES = new Set([
  '08', // connection exception
  '28', // invalid authorization: a password was changed
  '3D', // no such database
  '40', // transaction rollback: serialization failure, deadlock
  '53', // insufficient resources: disk full, too many connections
  '57', // operator intervention: shutdown, crash, cancelled
  '58', // system error: the disk
]);
const TRANSIENT_CODES = new Set([
  '25006', // read-only transaction: a standby, or an administrator's setting
  '25P03', // idle-in-transaction time-out
  '55P03', // lock not available
]);

const SYSTEM_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);
const LOST_CONNECTION =
  /connection terminated|timeout exceeded when trying to connect|timeout expired|not queryable|client was closed/i;

/** The five characters of a server error, else undefined. Each has a digit: `EPIPE` is none. */
export function sqlstate(error: unknown): string | undefined {
  const code = errorCode(error);
  return code !== undefined && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The database or the way to it failed, not the statement: wait and repeat. {@link failureOf} says which of these it is. */
export function isTransient(error: unknown): boolean {
  const state = sqlstate(error);
  if (state !== undefined) return TRANSIENT_CLASSES.has(state.slice(0, 2)) || TRANSIENT_CODES.has(state);
  const code = errorCode(error);
  if (code !== undefined && SYSTEM_ERRORS.has(code)) return true;
  return error instanceof Error && LOST_CONNECTION.test(error.message);
}
