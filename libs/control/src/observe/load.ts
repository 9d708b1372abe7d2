import type { Queryable } from '@pipeline/postgres';
import type { Load } from '@pipeline/protocol/api';
import * as statements from './load.sql.ts';

const MINUTE_MS = 60_000;

/** Rows of each of the last minutes by pipeline, and the lengths of the last cycles, in seconds. */
export async function readLoad(db: Queryable, { minutes, cycles }: { minutes: number; cycles: number }): Promise<Load> {
  const [rows, lengths] = await Promise.all([
    statements.selectRowsPerMinute.all(db, { minutes }),
    statements.selectCycleLengths.all(db, { limit: cycles }),
  ]);
  const to = Date.now();
  return {
    from: new Date(to - minutes * MINUTE_MS).toISOString(),
    to: new Date(to).toISOString(),
    minutes: rows.map(({ minute, ...rest }) => ({ minute: minute.toISOString(), ...rest })),
    cycles: lengths.map(({ startedAt, seconds }) => ({
      startedAt: startedAt.toISOString(),
      seconds: Math.max(0, seconds),
    })),
  };
}
