import type { Queryable } from '@pipeline/postgres';

/** Records who asked for what: operators change what runs, and the history must say so. */
export async function recordAudit(
  db: Queryable,
  entry: { actor: string; action: string; target: string; details: object },
): Promise<void> {
  await db.query('insert into pipeline.audit_log (actor, action, target, details) values ($1, $2, $3, $4)', [
    entry.actor,
    entry.action,
    entry.target,
    JSON.stringify(entry.details),
  ]);
}
