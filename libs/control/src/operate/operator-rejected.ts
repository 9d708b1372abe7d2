import type { Pool, PoolClient } from '@pipeline/postgres';
import * as statements from '../load/rejected.sql.ts';
import { operate } from './operator.ts';

export interface RejectedCommand {
  ids: string[];
  actor: string;
}

/** Asks the loaders to load these records now; whatever made them fail must have been mended. Returns the ids of those that were open: the others
 *  are closed, or an attempt that began anew has taken them back to read them again. */
export function replayRejected(pool: Pool, command: RejectedCommand): Promise<string[]> {
  return change(pool, command, 'replay-rejected', 'replaying');
}

/** Closes these records without loading them. Returns the ids of those that were open. */
export function discardRejected(pool: Pool, command: RejectedCommand): Promise<string[]> {
  return change(pool, command, 'discard-rejected', 'discarded');
}

function change(
  pool: Pool,
  { ids, actor }: RejectedCommand,
  action: string,
  status: 'replaying' | 'discarded',
): Promise<string[]> {
  return operate(pool, { actor, action, target: 'rejected_records', details: { ids } }, (client) =>
    moveOpenRejected(client, ids, status),
  );
}

/** Moves those of these records that are open, in the caller's transaction. Returns their ids. */
export async function moveOpenRejected(
  client: PoolClient,
  ids: string[],
  status: 'replaying' | 'discarded',
): Promise<string[]> {
  return (await statements.moveOpen.all(client, { ids, status })).map(({ id }) => id);
}
