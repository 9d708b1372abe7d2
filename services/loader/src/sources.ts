import type { Broker, Consumer, Settlement } from '@pipeline/broker';
import { listPipelines } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { batchesQueue, type Logger } from '@pipeline/protocol';
import { startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import type { BatchDelivery } from './batch.ts';

/** A tap that registers is loaded from after at most this long. */
const DISCOVERY_MS = 3_000;

/** Consumes the batch queue of every source that has registered, also of those that come later: a new tap needs no change here. */
export function consumeAllSources(deps: {
  pool: Pool;
  broker: Broker;
  prefetch: number;
  handle: (delivery: BatchDelivery) => Promise<Settlement>;
  logger: Logger;
  defects: Defects;
}): { stop: () => Promise<void> } {
  const consumers = new Map<string, Consumer>();

  const step = async () => {
    for (const { source } of await listPipelines(deps.pool)) {
      if (!consumers.has(source)) consumers.set(source, start(source));
    }
  };
  const start = (source: string): Consumer => {
    const queue = batchesQueue(source);
    deps.logger.info({ system: source }, `loads batches from ${queue}`);
    return deps.broker.startConsumer({ queue, prefetch: deps.prefetch }, (message) =>
      deps.handle({
        queue,
        routingKey: message.routingKey,
        messageId: message.messageId,
        traceparent: message.traceparent,
        headers: message.headers,
        body: message.body,
        sender: message.userId,
        reader: deps.broker.user,
      }),
    );
  };
  const { logger, defects } = deps;
  const errors = {
    logger,
    waiting: 'discovery of the sources waits',
    expected: expectedFailure,
    onDefect: defects('discovery'),
  };
  const loop = startLoop({ everyMs: DISCOVERY_MS, step, errors });

  return {
    stop: async () => {
      await loop.stop();
      await Promise.all([...consumers.values()].map((consumer) => consumer.stop()));
    },
  };
}
