import type { Queryable, RowOf } from '@pipeline/postgres';
import * as statements from './list-dead-letters.sql.ts';

export type DeadLetterRow = RowOf<typeof statements.selectDeadLetter>;

/** Newest first, without bodies. */
export async function listDeadLetterRows(
  db: Queryable,
  filter: { status: string; before: string | null; limit: number },
): Promise<DeadLetterRow[]> {
  return statements.selectDeadLetters.all(db, filter);
}

/** A dead letter as lists show it, without its body. Undefined: there is no such one. */
export async function readDeadLetterRow(db: Queryable, id: string): Promise<DeadLetterRow | undefined> {
  return statements.selectDeadLetter.first(db, { id });
}
