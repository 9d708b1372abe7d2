import type { Queryable, RowOf } from '@pipeline/postgres';
import { selectDatabaseRights } from './database-rights.sql.ts';

export type DatabaseRights = RowOf<typeof selectDatabaseRights>;

/** What this user may do here, and how safe a commit is. */
export async function readDatabaseRights(db: Queryable): Promise<DatabaseRights> {
  return selectDatabaseRights.one(db);
}
