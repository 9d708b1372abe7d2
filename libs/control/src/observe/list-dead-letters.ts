import type { Queryable } from '@pipeline/postgres';
import * as statements from './list-dead-letters.sql.ts';

export interface DeadLetterRow {
  id: string;
  queue: string;
  reason: string;
  type: string | null;
  pipeline: string | null;
  stream: string | null;
  rows: number | null;
  bytes: number;
  state: 'open' | 'replayed' | 'skipped' | 'discarded';
  archivedAt: string;
  epoch: string | null;
  seq: number | null;
  /** Of the batch's attempt: null while it is live. Undefined: no such attempt is known. */
  attemptState: string | null;
}

/** Newest first, without bodies. */
export async function listDeadLetterRows(
  db: Queryable,
  filter: { status: string; before: string | null; limit: number },
): Promise<DeadLetterRow[]> {
  return statements.selectDeadLetters.all(db, { status: filter.status, before: filter.before, limit: filter.limit });
}

/** A dead letter as lists show it, without its body. Undefined: there is no such one. */
export async function readDeadLetterRow(db: Queryable, id: string): Promise<DeadLetterRow | undefined> {
  return statements.selectDeadLetter.first(db, { id });
}
