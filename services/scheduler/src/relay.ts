import type { Publisher } from '@pipeline/broker';
import { relayOutbox } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { type Loop, startLoop } from '@pipeline/resilience';
import type { Defects, Tracing } from '@pipeline/service';
import { messageTrace } from './tracing/message-trace.ts';
import type { Troubles } from './troubles.ts';

const RELAY_MS = 250;

/** Publishes commands and events from the outbox, in order. */
export function startRelay(deps: {
  pool: Pool;
  publisher: Publisher;
  logger: Logger;
  defects: Defects;
  troubles: Troubles['of'];
  tracing: Tracing;
}): Loop {
  const traceOf = messageTrace(deps.pool, deps.tracing);
  return startLoop({
    everyMs: RELAY_MS,
    step: async () => {
      await relayOutbox(deps.pool, async (message) => {
        const traceparent = await traceOf(message);
        await deps.publisher.publish({
          exchange: message.exchange,
          routingKey: message.routingKey,
          messageId: `outbox-${message.id}`,
          type: message.type,
          contentType: 'application/json',
          body: Buffer.from(message.body),
          ...(traceparent === undefined ? {} : { traceparent }),
        });
      });
    },
    errors: {
      logger: deps.logger,
      waiting: 'the outbox waits',
      expected: expectedFailure,
      onDefect: deps.defects('relay'),
      onWaiting: deps.troubles('commands and events'),
    },
  });
}
