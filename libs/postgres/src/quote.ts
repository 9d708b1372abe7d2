import pg from 'pg';

/** Longest identifier, in bytes of UTF-8. PostgreSQL would cut a longer one in silence. */
const IDENTIFIER_BYTES_MAX = 63;

/** A quoted identifier. @throws RangeError for a name that PostgreSQL would refuse or cut. */
export function quoteIdent(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > IDENTIFIER_BYTES_MAX || name.includes('\0')) {
    throw new RangeError(`an identifier has 1 to ${IDENTIFIER_BYTES_MAX} bytes and no NUL, this one has ${bytes}`);
  }
  return pg.escapeIdentifier(name);
}

/** A quoted text literal, for statements that take no parameters (DDL, COPY). */
export function quoteLiteral(text: string): string {
  return pg.escapeLiteral(text);
}
