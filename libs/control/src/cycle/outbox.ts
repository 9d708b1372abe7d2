import { COMMANDS_EXCHANGE, type Command, commandRoutingKey, EVENTS_EXCHANGE, type Event } from '@pipeline/contracts';
import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { failpoint } from '@pipeline/probe';

export interface OutboxMessage {
  id: string;
  exchange: string;
  routingKey: string;
  type: string;
  body: string;
}

/** Messages sent in one turn of the relay. */
const RELAY_BATCH = 100;

/** Writes a command that will be published if, and only if, this transaction commits. */
export async function sendCommand(client: PoolClient, command: Command): Promise<void> {
  await insert(client, COMMANDS_EXCHANGE, commandRoutingKey(command.source), command.type, command);
}

/** Writes an event that will be published if, and only if, this transaction commits. */
export async function sendEvent(client: PoolClient, event: Event): Promise<void> {
  await insert(client, EVENTS_EXCHANGE, event.type, event.type, event);
}

async function insert(client: PoolClient, exchange: string, routingKey: string, type: string, body: object) {
  await client.query('insert into pipeline.outbox (exchange, routing_key, type, body) values ($1, $2, $3, $4)', [
    exchange,
    routingKey,
    type,
    JSON.stringify(body),
  ]);
}

/** Publishes what waits, oldest first, and marks it. A crash in between publishes a message again, with the same id:
 *  every consumer is idempotent. Gives the number published. */
export async function relayOutbox(pool: Pool, publish: (message: OutboxMessage) => Promise<void>): Promise<number> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<OutboxMessage>(
      `select id::text, exchange, routing_key as "routingKey", type, body::text
       from pipeline.outbox where published_at is null order by outbox.id limit $1 for update skip locked`,
      [RELAY_BATCH],
    );
    for (const message of rows) await publish(message);
    failpoint('relay.after_publish_before_mark');
    await client.query('update pipeline.outbox set published_at = clock_timestamp() where id = any($1)', [
      rows.map((row) => row.id),
    ]);
    return rows.length;
  });
}
