import type { Publisher } from '@pipeline/broker';
import { errorMessage, type Logger } from '@pipeline/contracts';
import { relayOutbox } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { type Loop, startLoop } from '@pipeline/service';

const RELAY_MS = 250;

/** Publishes commands and events from the outbox, in order. */
export function startRelay(deps: { pool: Pool; publisher: Publisher; logger: Logger }): Loop {
  return startLoop({
    everyMs: RELAY_MS,
    step: async () => {
      await relayOutbox(deps.pool, (message) =>
        deps.publisher.publish({
          exchange: message.exchange,
          routingKey: message.routingKey,
          messageId: `outbox-${message.id}`,
          type: message.type,
          contentType: 'application/json',
          body: Buffer.from(message.body),
        }),
      );
    },
    onError: (error) => deps.logger.warn({ error: errorMessage(error) }, 'the outbox waits'),
  });
}
