import type { Queryable } from '@pipeline/postgres';
import { insertAudit } from './audit.sql.ts';

/** Records who asked for what: operators change what runs, and the history must say so. */
export async function recordAudit(
  db: Queryable,
  entry: { actor: string; action: string; target: string; details: object },
): Promise<void> {
  await insertAudit.run(db, entry);
}
