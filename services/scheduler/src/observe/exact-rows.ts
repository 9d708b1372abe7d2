import { COUNTED_ROWS_MAX, countRowsOf, type StreamRow } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { StreamItem } from '@pipeline/protocol/api';

/** `undefined_table`: it was dropped between the look at it and the count. */
const UNDEFINED_TABLE = '42P01';

/** Counts the small tables of streams exactly. What has not been written to since the last time is not counted again, so that an open page costs
 *  little. A table of 100,000 rows or more keeps its estimate. */
export function exactRows(
  pool: Pool,
): (found: readonly { row: StreamRow; item: StreamItem }[]) => Promise<StreamItem[]> {
  const known = new Map<string, { writes: string; rows: number }>();
  return async (found) => {
    const changed = found.flatMap(({ row }) => {
      const { databaseSchema, tableName, writes } = row;
      if (tableName === null || writes === null || (row.rows ?? 0) >= COUNTED_ROWS_MAX) return [];
      return known.get(nameOf(row))?.writes === writes ? [] : [{ databaseSchema, tableName, writes }];
    });
    const counts = await countRowsOf(pool, changed).catch((error: { code?: unknown }) => {
      if (error.code === UNDEFINED_TABLE) return [];
      throw error;
    });
    for (const [index, { writes, ...table }] of changed.entries()) {
      const rows = counts[index];
      if (rows !== undefined) known.set(nameOf(table), { writes, rows });
    }
    return found.map(({ row, item }) => {
      const counted = known.get(nameOf(row));
      return counted === undefined || counted.writes !== row.writes
        ? item
        : { ...item, rows: counted.rows, isRowsExact: true };
    });
  };
}

const nameOf = ({ databaseSchema, tableName }: Pick<StreamRow, 'databaseSchema' | 'tableName'>): string =>
  `${databaseSchema}.${tableName ?? ''}`;
