import type { Pool, PoolClient, Queryable } from '@pipeline/postgres';
import { operate } from './operator.ts';

/** A rejected record without its values. */
export interface RejectedSummary {
  id: string;
  pipeline: string;
  stream: string;
  epoch: string | null;
  seq: number | null;
  column: string | null;
  reason: string;
  status: string;
  rejectedAt: string;
}

const SUMMARY = `id::text, pipeline, stream, epoch::text, seq, column_name as "column", reason, status, rejected_at as "rejectedAt"`;

export interface RejectedFilter {
  status: string;
  pipeline: string | null;
  stream: string | null;
  limit: number;
}

/** Newest first. */
export async function listRejected(db: Queryable, filter: RejectedFilter): Promise<RejectedSummary[]> {
  const { rows } = await db.query<RejectedSummary>(
    `select ${SUMMARY} from pipeline.rejected_records
     where status = $1 and ($2::text is null or pipeline = $2) and ($3::text is null or stream = $3)
     order by rejected_records.id desc limit $4`,
    [filter.status, filter.pipeline, filter.stream, filter.limit],
  );
  return rows;
}

/** With its values: `record` is the RECORD line as the tap wrote it. */
export async function readRejected(
  db: Queryable,
  id: string,
): Promise<(RejectedSummary & { record: string }) | undefined> {
  const { rows } = await db.query<RejectedSummary & { record: string }>(
    `select ${SUMMARY}, record from pipeline.rejected_records where id = $1`,
    [id],
  );
  return rows[0];
}

export interface RejectedCommand {
  ids: string[];
  actor: string;
}

/** Asks the loaders to load these records now; whatever made them fail must have been mended. Gives the ids of those that were open: the others
 *  are settled, or an attempt that began anew has taken them back to read them again. */
export function replayRejected(pool: Pool, command: RejectedCommand): Promise<string[]> {
  return change(pool, command, 'replay-rejected', 'replaying');
}

/** Closes these records without loading them. Gives the ids of those that were open. */
export function discardRejected(pool: Pool, command: RejectedCommand): Promise<string[]> {
  return change(pool, command, 'discard-rejected', 'discarded');
}

function change(pool: Pool, { ids, actor }: RejectedCommand, action: string, status: string): Promise<string[]> {
  return operate(pool, { actor, action, target: 'rejected_records', details: { ids } }, (client) =>
    moveOpen(client, ids, status),
  );
}

async function moveOpen(client: PoolClient, ids: string[], status: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `update pipeline.rejected_records set status = $2 where id = any($1::bigint[]) and status = 'open' returning id::text`,
    [ids, status],
  );
  return rows.map((row) => row.id);
}
