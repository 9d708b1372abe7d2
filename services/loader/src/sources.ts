import type { Broker, Consumer } from '@pipeline/broker';
import { batchesQueue, type Logger, sourceTopology } from '@pipeline/contracts';
import { listPipelines } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import type { BatchDelivery } from './batch.ts';
import type { Settlement } from './batch-handler.ts';

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
  const consumers = new Map<string, Promise<Consumer>>();

  const step = async () => {
    for (const { source } of await listPipelines(deps.pool)) {
      if (!consumers.has(source)) consumers.set(source, start(source));
      await consumers.get(source);
    }
  };
  const start = async (source: string): Promise<Consumer> => {
    try {
      await deps.broker.assert(sourceTopology(source));
      const queue = batchesQueue(source);
      const consumer = await deps.broker.consume({ queue, prefetch: deps.prefetch }, (message) =>
        deps.handle({
          queue,
          routingKey: message.routingKey,
          messageId: message.messageId,
          headers: message.headers,
          body: message.body,
        }),
      );
      deps.logger.info({ system: source }, `loads batches from ${queue}`);
      return consumer;
    } catch (error) {
      consumers.delete(source);
      throw error;
    }
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
      const started = await Promise.allSettled(consumers.values());
      await Promise.all(started.map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)));
    },
  };
}
