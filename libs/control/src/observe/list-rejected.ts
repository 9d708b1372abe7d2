import type { Queryable, RowOf } from '@pipeline/postgres';
import * as statements from './list-rejected.sql.ts';

export type GroupRow = RowOf<typeof statements.selectRejectedGroups>;

/** Records that are open or being replayed, by stream, reason, column and constraint; most first. */
export async function listRejectedGroups(db: Queryable, connection: string | null): Promise<GroupRow[]> {
  return statements.selectRejectedGroups.all(db, { connection });
}

export type RejectedRow = RowOf<typeof statements.selectRejectedRows>;

export interface RejectedListFilter {
  status: string;
  group?: string | undefined;
  newest?: boolean | undefined;
  connection?: string | undefined;
  stream?: string | undefined;
  q?: string | undefined;
  before: string | null;
  limit: number;
}

/** Newest first, without values. */
export async function listRejectedRows(db: Queryable, filter: RejectedListFilter): Promise<RejectedRow[]> {
  return statements.selectRejectedRows.all(db, {
    status: filter.status,
    group: filter.group ?? null,
    newest: filter.newest ?? false,
    connection: filter.connection ?? null,
    stream: filter.stream ?? null,
    q: filter.q ?? null,
    before: filter.before,
    limit: filter.limit,
  });
}

/** One record with the line that the tap wrote. */
export async function readRejectedRow(
  db: Queryable,
  id: string,
): Promise<(RejectedRow & { record: string }) | undefined> {
  return statements.selectRejectedRow.first(db, { id });
}

/** Open records of a group: all of them, or the newest of each key. Locked, so that their number is still true when they are closed. */
export async function lockGroup(db: Queryable, group: string, newestOnly: boolean): Promise<string[]> {
  const rows = await statements.lockGroup.all(db, { group, newestOnly });
  return rows.map(({ id }) => id);
}
