import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { failpoint } from '@pipeline/probe';
import { COMMANDS_EXCHANGE, type Command, commandRoutingKey, EVENTS_EXCHANGE, type Event } from '@pipeline/protocol';
import * as statements from './outbox.sql.ts';

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
  await statements.insertMessage.run(client, { exchange, routingKey, type, body });
}

/** Publishes what waits, oldest first, and marks it. A crash in between publishes a message again, with the same id:
 *  every consumer is idempotent. Returns the number published. */
export async function relayOutbox(pool: Pool, publish: (message: OutboxMessage) => Promise<void>): Promise<number> {
  return inTransaction(pool, async (client) => {
    const messages = await statements.lockWaitingMessages.all(client, { limit: RELAY_BATCH });
    for (const message of messages) await publish(message);
    failpoint('relay.after_publish_before_mark');
    await statements.markPublished.run(client, { ids: messages.map(({ id }) => id) });
    return messages.length;
  });
}
