import type { PoolClient, Queryable } from '@pipeline/postgres';
import { SINGER_EXCHANGE } from '@pipeline/protocol';
import type { DeadLetterStatus } from '../status/index.ts';
import * as statements from './dead-letters.sql.ts';

export interface DeadLetter {
  queue: string;
  exchange: string;
  routingKey: string;
  messageId: string | null;
  reason: string;
  properties: Record<string, unknown>;
  headers: Record<string, unknown>;
  body: Buffer;
}

/** Keeps a dead letter where it can be looked at, replayed or discarded: a queue would lose it by being read. Returns its reason: what
 *  {@link noteDeliveryError} said of it, else the broker's. */
export async function archiveDeadLetter(db: Queryable, letter: DeadLetter): Promise<string> {
  const { reason: brokerReason, ...rest } = letter;
  const archived = await statements.insertDeadLetter.first(db, { ...rest, brokerReason });
  return archived?.reason ?? brokerReason;
}

/** Keeps why a message is given up, for its dead letter. */
export async function noteDeliveryError(
  db: Queryable,
  error: { queue: string; messageId: string; code: string | null; reason: string },
): Promise<void> {
  await statements.upsertDeliveryError.run(db, error);
}

/** Discards dead letters whose rows have arrived otherwise. Returns them, for the log. */
export function discardObsoleteDeadLetters(
  db: Queryable,
): Promise<{ id: string; queue: string; close_reason: string }[]> {
  return statements.discardObsolete.all(db, { batchesExchange: SINGER_EXCHANGE });
}

/** A dead letter as it was archived, locked for whoever closes it. */
export async function readDeadLetter(
  client: PoolClient,
  id: string,
): Promise<{ status: DeadLetterStatus; letter: DeadLetter } | undefined> {
  const found = await statements.lockDeadLetter.first(client, { id });
  if (found === undefined) return undefined;
  const { status, ...letter } = found;
  return { status, letter };
}

/** Says what became of a dead letter. */
export async function closeDeadLetter(
  client: PoolClient,
  id: string,
  status: Exclude<DeadLetterStatus, 'open'>,
  closedBy: string,
): Promise<void> {
  await statements.closeDeadLetter.run(client, { id, status, closedBy });
}
