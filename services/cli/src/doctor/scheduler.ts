import type { Client } from '../client.ts';
import { accountFinding, clockFinding, diskFinding, type Finding } from './finding.ts';

/** Looks with the scheduler's eyes. @throws NotReachable when none responds */
export async function examineByScheduler(client: Client): Promise<Finding[]> {
  const [system, { items: connections }, { verdict }] = await Promise.all([
    client.call('getSystem', {}),
    client.call('listConnections', {}),
    client.call('getStatus', {}),
  ]);
  const { database, broker, disk, instances } = system;
  const skew = (Date.now() - Date.parse(system.now)) / 1000;
  const isAttention = verdict.state === 'down' || verdict.state === 'attention';
  return [
    {
      name: 'scheduler',
      state: isAttention ? 'fail' : 'ok',
      text: `${system.version}: ${verdict.title}`,
      remedy: 'pipeline status',
    },
    database === null
      ? { name: 'postgresql', state: 'fail', text: 'does not respond', remedy: 'start it, or see DB_HOST' }
      : {
          name: 'postgresql',
          state: database.violations > 0 ? 'fail' : 'ok',
          text: `${database.version}, ${database.responseMs.toFixed(0)} ms, ${database.connections} of ${database.connectionsMax} connections, ${database.violations} violations`,
        },
    {
      name: 'rabbitmq',
      state: broker.isConnected && broker.blockedBecause === null ? 'ok' : 'fail',
      text: broker.blockedBecause ?? `${broker.queues.length} queues as declared`,
      remedy: 'see RABBITMQ_URL, or give it memory and disk',
    },
    clockFinding(skew, "the scheduler's"),
    ...(disk === null ? [] : [diskFinding(disk)]),
    ...instances
      .filter(({ isAlive }) => isAlive)
      .map(({ service, checks }) => {
        const bad = Object.entries(checks).filter(([, reason]) => reason !== 'ok');
        return {
          name: service,
          state: bad.length === 0 ? ('ok' as const) : ('fail' as const),
          text: bad.map(([check, reason]) => `${check}: ${reason}`).join('; ') || 'ready',
          remedy: 'see its log',
        };
      }),
    ...connections.map(({ name, isAlive, check }): Finding => {
      if (isAlive) return accountFinding(name, check);
      return { name, state: 'fail', text: 'its tap is not there', remedy: `start the tap of ${name}` };
    }),
  ];
}
