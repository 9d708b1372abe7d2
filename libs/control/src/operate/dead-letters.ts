import type { PoolClient, Queryable } from '@pipeline/postgres';
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

/** Keeps a dead letter where it can be looked at, replayed or discarded: a queue would lose it by being read. */
export async function archiveDeadLetter(db: Queryable, letter: DeadLetter): Promise<void> {
  await statements.insertDeadLetter.run(db, letter);
}

/** A dead letter without its body. */
export interface DeadLetterSummary {
  id: string;
  queue: string;
  reason: string;
  messageId: string | null;
  stream: string | null;
  rows: number | null;
  bytes: number;
  status: DeadLetterStatus;
  archivedAt: Date;
}

/** Newest first. */
export function listDeadLetters(
  db: Queryable,
  filter: { status: string; limit: number },
): Promise<DeadLetterSummary[]> {
  return statements.selectDeadLetters.all(db, filter);
}

/** A dead letter as it was archived, locked for whoever settles it. */
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
): Promise<void> {
  await statements.closeDeadLetter.run(client, { id, status });
}
