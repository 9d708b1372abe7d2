import type { Broker, BrokerHealth } from '@pipeline/broker';
import { clearObstacle, reportObstacle } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { FAILURES, type Failure, type FailureName } from '@pipeline/protocol';

const LOOK_MS = 2_000;
const SUBJECT = 'RabbitMQ';

/** Says in PostgreSQL, as long as it lasts, that this service cannot reach RabbitMQ or that RabbitMQ takes nothing from it: the page and the runs show
 *  what they wait for, and since when. */
export function watchBroker(options: { pool: Pool; broker: Pick<Broker, 'health'>; service: string }): {
  stop: () => Promise<void>;
} {
  const { pool, broker, service } = options;
  let isReported = false;
  const look = async () => {
    const failure = brokerFailure(broker.health());
    if (failure !== undefined) {
      await reportObstacle(pool, { service, subject: SUBJECT, failure, pipeline: null, stream: null, runId: null });
      isReported = true;
    } else if (isReported) {
      await clearObstacle(pool, service, SUBJECT);
      isReported = false;
    }
  };
  // While PostgreSQL is away too nobody can be told; the readiness of the service tells of it.
  const quietly = () => look().catch(() => undefined);
  let looking = Promise.resolve<void>(undefined);
  const timer = setInterval(() => {
    looking = looking.then(quietly);
  }, LOOK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      if (isReported) await clearObstacle(pool, service, SUBJECT).catch(() => undefined);
    },
  };
}

function brokerFailure({ isConnected, blocked }: BrokerHealth): Failure | undefined {
  if (!isConnected) return failure('broker_away', 'BROKER_AWAY', 'not connected');
  return blocked === null ? undefined : failure('broker_blocked', 'BROKER_BLOCKED', blocked.because);
}

function failure(name: FailureName, code: string, because: string): Failure {
  const { says, remedy } = FAILURES[name];
  return { name, code, text: `${says}: ${because}; ${remedy}` };
}
