import type { Broker, BrokerHealth } from '@pipeline/broker';
import { clearObstacle, reportObstacle } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { type Failure, failureOfKind, type Logger } from '@pipeline/protocol';
import { type Loop, startLoop } from '@pipeline/resilience';
import type { Defects } from './defects.ts';

const LOOK_MS = 2_000;
const SUBJECT = 'RabbitMQ';

/** Says in PostgreSQL, as long as it lasts, that this service cannot reach RabbitMQ or that RabbitMQ takes nothing from it: the page and the runs show
 *  what they wait for, and since when. */
export function watchBroker(options: {
  pool: Pool;
  broker: Pick<Broker, 'health'>;
  service: string;
  logger: Logger;
  defects: Defects;
}): Pick<Loop, 'stop'> {
  const { pool, broker, service, logger, defects } = options;
  let isReported = false;
  const step = async () => {
    const failure = troubleOf(broker.health());
    if (failure !== undefined) {
      await reportObstacle(pool, { service, subject: SUBJECT, failure, pipeline: null, stream: null, runId: null });
      isReported = true;
    } else if (isReported) {
      await clearObstacle(pool, service, SUBJECT);
      isReported = false;
    }
  };
  const waiting = 'the state of RabbitMQ cannot be written down';
  const errors = { logger, waiting, expected: expectedFailure, onDefect: defects('broker-watch') };
  const loop = startLoop({ everyMs: LOOK_MS, step, errors });
  return {
    stop: async () => {
      await loop.stop();
      // It counts as over by itself after a minute.
      if (isReported) await clearObstacle(pool, service, SUBJECT).catch(() => undefined);
    },
  };
}

function troubleOf({ isConnected, blocked }: BrokerHealth): Failure | undefined {
  if (!isConnected) return failureOfKind('broker_away', 'BROKER_AWAY', 'not connected');
  return blocked === null ? undefined : failureOfKind('broker_blocked', 'BROKER_BLOCKED', blocked.because);
}
