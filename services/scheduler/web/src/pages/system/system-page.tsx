import { may } from '../../parts/action.tsx';
import { CopyButton } from '../../parts/copy.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Part } from '../../parts/states.tsx';
import { Status } from '../../parts/status.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { useResource } from '../../queries.ts';
import type { System } from '../../schema.ts';
import { Access } from './access.tsx';
import { Alerts } from './alerts.tsx';
import { Audit } from './audit.tsx';
import { Health } from './health.tsx';
import { Schedules } from './schedules.tsx';
import { Settings } from './settings.tsx';

/** Does the machinery work, what is set. */
export default function SystemPage({ tab = '' }: { tab?: string }) {
  const system = useResource<System>('/api/system');
  return (
    <>
      <PageHead title="System" status={system.data !== undefined && <Readiness system={system.data} />}>
        <CopyButton label="Copy report" text={() => JSON.stringify(system.data, undefined, 2)} />
      </PageHead>
      <Tabs
        label="Parts"
        base="/system"
        current={tab === 'health' ? '' : tab}
        tabs={[
          { id: '', label: 'Health' },
          { id: 'schedule', label: 'Schedule' },
          { id: 'alerts', label: 'Alerts' },
          ...(may('admin') ? [{ id: 'access', label: 'Access' }] : []),
          { id: 'settings', label: 'Settings' },
          { id: 'audit', label: 'Audit' },
        ]}
      />
      {(tab === '' || tab === 'health') && <Part query={system}>{(found) => <Health system={found} />}</Part>}
      {tab === 'schedule' && <Schedules />}
      {tab === 'alerts' && <Alerts />}
      {tab === 'access' && <Access />}
      {tab === 'settings' && <Settings />}
      {tab === 'audit' && <Audit />}
    </>
  );
}

function Readiness({ system: { instances, broker, database } }: { system: System }) {
  const away = instances.filter(({ isAlive }) => !isAlive).length;
  const problem =
    database === null
      ? 'PostgreSQL is away'
      : !broker.isConnected
        ? 'RabbitMQ is away'
        : broker.blockedBecause !== null
          ? 'RabbitMQ takes nothing'
          : away > 0
            ? `${away} of ${instances.length} away`
            : undefined;
  return (
    <Status tone={problem === undefined ? 'ok' : 'fail'} isPill>
      {problem ?? 'All services ready'}
    </Status>
  );
}
