import type { Broker, Consumer } from '@pipeline/broker';
import { batchesQueue, errorMessage, type Logger, sourceTopology } from '@pipeline/contracts';
import { listPipelines } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
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
}): { stop: () => Promise<void> } {
  const consumers = new Map<string, Promise<Consumer>>();

  const discover = async () => {
    try {
      for (const { source } of await listPipelines(deps.pool)) {
        if (!consumers.has(source)) consumers.set(source, start(source));
        await consumers.get(source);
      }
    } catch (error) {
      deps.logger.warn({ error: errorMessage(error) }, 'discovery of the sources is tried again');
    }
  };
  const start = async (source: string): Promise<Consumer> => {
    try {
      await deps.broker.assert(sourceTopology(source));
      const queue = batchesQueue(source);
      const consumer = await deps.broker.consume({ queue, prefetch: deps.prefetch }, (message) =>
        deps.handle({ queue, routingKey: message.routingKey, headers: message.headers, body: message.body }),
      );
      deps.logger.info({ system: source }, `loads batches from ${queue}`);
      return consumer;
    } catch (error) {
      consumers.delete(source);
      throw error;
    }
  };
  const timer = setInterval(() => void discover(), DISCOVERY_MS);
  const first = discover();

  return {
    stop: async () => {
      clearInterval(timer);
      await first;
      const started = await Promise.allSettled(consumers.values());
      await Promise.all(started.map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)));
    },
  };
}
