import type { ColumnType } from '../table/column-type.ts';

/** A row fits a page of 8 KiB even with every long value stored outside: what is left of it after the header, the null bitmap of 1,600
 *  columns, the metadata columns and the pointer to the extra column. */
export const ROW_BYTES_MAX = 7_800;

/** PostgreSQL moves a value out of its row only if it is longer than this, with its header (`toast_tuple_find_biggest_attribute`). */
const INLINE_BYTES_MAX = 24;
/** With alignment. */
const FIXED_BYTES: Partial<Record<ColumnType, number>> = { boolean: 1, date: 8, bigint: 16, timestamptz: 16 };

/** Tables with fewer columns always fit. */
export const SAFE_COLUMNS = Math.floor(ROW_BYTES_MAX / INLINE_BYTES_MAX);

/** Bytes that a value takes within its row, at most.
 *  @param length bytes of its binary form; a document's are fewer than those that PostgreSQL stores. */
export function inlineBytes(type: ColumnType, length: number): number {
  return FIXED_BYTES[type] ?? (type === 'jsonb' ? INLINE_BYTES_MAX : Math.min(length + 1, INLINE_BYTES_MAX));
}
