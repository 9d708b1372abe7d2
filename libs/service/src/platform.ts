import { type Broker, connectBroker, type OnGivingUp } from '@pipeline/broker';
import { migrateControl, noteDeliveryError } from '@pipeline/control';
import { createPool, expectedFailure, failureOf, type Pool } from '@pipeline/postgres';
import { type Logger, noTopology, type Topology } from '@pipeline/protocol';
import { processThrottle } from '@pipeline/resilience';
import type { z } from 'zod';
import { watchBroker } from './broker-watch.ts';
import { type brokerFields, type databaseFields, databaseOptions } from './config-fields.ts';
import type { Defects } from './defects.ts';
import type { Health } from './health.ts';
import type { LogLines } from './log-lines.ts';
import { startPresence } from './presence.ts';
import type { SettingInForce } from './settings-in-force.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface Platform {
  pool: Pool;
  broker: Broker;
  /** Closes both: the last thing a service does. */
  close(): Promise<void>;
}

/** Waits for PostgreSQL and RabbitMQ, brings the schema `pipeline` up to date, and makes both part of the service's readiness.
 *  @throws PipelineError `NOT_READY` when one does not come. */
export async function connectPlatform(options: {
  name: string;
  config: z.output<z.ZodObject<typeof databaseFields & typeof brokerFields>>;
  /** What this service declares in the broker. @default nothing: the scheduler does */
  topology?: Topology;
  logger: Logger;
  health: Health;
  /** Counts what a consumer did not expect of a message. */
  defects: Defects;
  /** Keeps the log for the pages. */
  logLines: LogLines;
  settings: SettingInForce[];
  /** Names this process. @default a new name */
  instance?: string;
}): Promise<Platform> {
  const { name, config, topology = noTopology, logger, health } = options;
  const onDefect = options.defects('messages');
  const onHandlerError = (error: unknown) => {
    if (expectedFailure(error) === undefined) onDefect();
  };
  const pool = createPool({
    ...databaseOptions(config, name),
    onError: (err) => {
      const due = processThrottle.due('idle connection');
      if (due !== undefined) logger.warn({ err, ...due }, 'an idle connection to PostgreSQL was lost');
    },
  });
  await waitUntilReady('PostgreSQL', () => migrateControl(pool), { logger });
  const stopKeeping = options.logLines.keepIn(pool, options);
  const broker = await waitUntilReady(
    'RabbitMQ',
    () =>
      connectBroker({
        url: config.RABBITMQ_URL,
        name,
        logger,
        topology,
        onGivingUp: keepReason(pool, logger),
        onHandlerError,
        onDefect: options.defects('broker'),
      }),
    { logger },
  );
  health.register('postgres', async () => {
    await pool.query('select 1');
    return null;
  });
  health.register('rabbitmq', () => broker.notReadyBecause());
  const presence = startPresence({ ...options, pool, service: name });
  const watch = watchBroker({ ...options, pool, broker, service: name });
  return {
    pool,
    broker,
    close: async () => {
      await Promise.all([presence.stop(), watch.stop()]);
      await stopKeeping();
      await broker.close();
      await pool.end();
    },
  };
}

/** A nack carries no words: the reason of a dead letter goes through PostgreSQL. */
function keepReason(pool: Pool, logger: Logger): OnGivingUp {
  return async ({ queue, messageId }, error) => {
    if (messageId === undefined) return;
    const { code, text } = failureOf(error);
    await noteDeliveryError(pool, { queue, messageId, code, reason: text }).catch((err: unknown) => {
      logger.warn({ err, queue, messageId }, 'the reason of a dead letter could not be kept');
    });
  };
}
