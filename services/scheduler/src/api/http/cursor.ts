import { RequestError } from './errors.ts';

/** A cursor of a list: the key of the last row of a page, opaque to clients. */
export const toCursor = (...parts: string[]): string => Buffer.from(parts.join('\n')).toString('base64url');

/** The parts of a cursor. Undefined: the list begins. @throws RequestError for a text that is none */
export function fromCursor(cursor: string | undefined, parts: RegExp[]): string[] | undefined {
  if (cursor === undefined) return undefined;
  const values = Buffer.from(cursor, 'base64url').toString('utf8').split('\n');
  if (values.length === parts.length && parts.every((pattern, index) => pattern.test(values[index] ?? '')))
    return values;
  const fields = [{ path: 'cursor', message: 'is no cursor of this list: take nextCursor of the page before' }];
  throw new RequestError({
    status: 400,
    code: 'REQUEST_INVALID',
    message: 'cursor: is no cursor of this list',
    fields,
  });
}

export const ROW_ID = /^[1-9]\d{0,17}$/;
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const NUMBER = /^\d{1,18}$/;

/** One page out of `limit + 1` rows: whether there is another is known without a second question. */
export function toPage<Row>(rows: Row[], limit: number, cursorOf: (row: Row) => string) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** A page of rows whose key is their id, newest first. */
export const pageById = <Row extends { id: string }>(rows: Row[], limit: number) =>
  toPage(rows, limit, ({ id }) => toCursor(id));

/** The id before which a page of rows begins. */
export const idBefore = (cursor: string | undefined): string | null => fromCursor(cursor, [ROW_ID])?.[0] ?? null;
