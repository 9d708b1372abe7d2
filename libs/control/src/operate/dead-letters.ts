import type { PoolClient, Queryable } from '@pipeline/postgres';

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
  await db.query(
    `insert into pipeline.dead_letters (queue, exchange, routing_key, message_id, reason, properties, headers, body)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      letter.queue,
      letter.exchange,
      letter.routingKey,
      letter.messageId,
      letter.reason,
      JSON.stringify(letter.properties),
      JSON.stringify(letter.headers),
      letter.body,
    ],
  );
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
  status: string;
  archivedAt: string;
}

/** Newest first. */
export async function listDeadLetters(
  db: Queryable,
  { status, limit }: { status: string; limit: number },
): Promise<DeadLetterSummary[]> {
  const { rows } = await db.query<DeadLetterSummary>(
    `select id::text, queue, reason, message_id as "messageId", headers ->> 'stream' as stream, (headers ->> 'rows')::float8 as rows,
            length(body) as bytes, status, archived_at as "archivedAt"
     from pipeline.dead_letters where status = $1 order by dead_letters.id desc limit $2`,
    [status, limit],
  );
  return rows;
}

/** A dead letter as it was archived, locked for whoever settles it. */
export async function readDeadLetter(
  client: PoolClient,
  id: string,
): Promise<{ status: string; letter: DeadLetter } | undefined> {
  const { rows } = await client.query<DeadLetter & { status: string }>(
    `select queue, exchange, routing_key as "routingKey", message_id as "messageId", reason, properties, headers, body, status
     from pipeline.dead_letters where id = $1 for update`,
    [id],
  );
  if (rows[0] === undefined) return undefined;
  const { status, ...letter } = rows[0];
  return { status, letter };
}
