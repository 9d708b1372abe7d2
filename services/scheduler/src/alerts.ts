import type { Broker } from '@pipeline/broker';
import { type Alert, listAlerts } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';

/** Everything that a person should look at now: what PostgreSQL knows, and what only a connection to RabbitMQ does. */
export async function currentAlerts({ pool, broker }: { pool: Pool; broker: Broker }): Promise<Alert[]> {
  return [...brokerAlerts(broker), ...(await listAlerts(pool))];
}

function brokerAlerts(broker: Broker): Alert[] {
  const { blocked } = broker.health();
  if (blocked === null) return [];
  return [
    {
      kind: 'broker_blocked',
      subject: 'RabbitMQ',
      since: blocked.since,
      message: `RabbitMQ takes no messages: ${blocked.because}`,
      remedy: 'give it memory or disk; everything goes on by itself then',
    },
  ];
}
