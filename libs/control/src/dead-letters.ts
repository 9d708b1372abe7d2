import type { Queryable } from '@pipeline/postgres';

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
