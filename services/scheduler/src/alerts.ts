import type { Broker } from '@pipeline/broker';
import { type Alert, listAlerts } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { FAILURES } from '@pipeline/protocol';
import type { Troubles } from './troubles.ts';

const BROKER = 'RabbitMQ';

/** Everything that a person should look at now: what PostgreSQL knows, and what only a connection to RabbitMQ does. */
export async function currentAlerts(deps: { pool: Pool; broker: Broker; troubles: Troubles }): Promise<Alert[]> {
  const own = ownAlerts(deps);
  return [...own, ...(await databaseAlerts(deps.pool, deps.troubles.alerts())).filter(isNotOneOf(own))];
}

/** RabbitMQ in trouble is one alert, whoever tells of it. */
export function isNotOneOf(
  own: Pick<Alert, 'kind' | 'subject'>[],
): (alert: { kind: string; subject: string }) => boolean {
  const isKnown = own.some(({ subject }) => subject === BROKER);
  return ({ kind, subject }) => !(isKnown && kind === 'waiting' && subject === BROKER);
}

/** What this process knows by itself. */
export function ownAlerts(deps: { broker: Pick<Broker, 'health'>; troubles: Troubles }): Alert[] {
  return [...deps.troubles.alerts(), ...brokerAlerts(deps.broker)];
}

/** While PostgreSQL does not respond, that is the alert, and the others are told of as well. */
async function databaseAlerts(pool: Pool, waiting: Alert[]): Promise<Alert[]> {
  try {
    return await listAlerts(pool);
  } catch (error) {
    const failure = expectedFailure(error);
    if (failure === undefined) throw error;
    if (waiting.length > 0) return [];
    const { says, remedy } = FAILURES[failure.name];
    const message = `${says}: what else is to be looked at is not known now`;
    return [
      { kind: 'waiting', subject: 'PostgreSQL', since: new Date(), message, remedy, code: failure.code ?? 'WAITING' },
    ];
  }
}

function brokerAlerts(broker: Pick<Broker, 'health'>): Alert[] {
  const { blocked } = broker.health();
  if (blocked === null) return [];
  return [
    {
      kind: 'broker_blocked',
      subject: BROKER,
      since: blocked.since,
      message: `RabbitMQ takes no messages: ${blocked.because}`,
      remedy: 'give it memory or disk; everything goes on by itself then',
      code: 'BROKER_BLOCKED',
    },
  ];
}
