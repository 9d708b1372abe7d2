import { useLocation } from 'preact-iso';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { useResource } from '../../queries.ts';
import type { Now, Page, RejectedGroup } from '../../schema.ts';
import { Closed } from './closed.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { Group } from './group.tsx';
import { GroupList } from './group-list.tsx';

/** What is missing, how does it get in. */
export default function QuarantinePage({ tab = '' }: { tab?: string }) {
  const counts = useResource<Now>('/api/now').data?.counts;
  return (
    <>
      <PageHead
        title="Quarantine"
        meta={<span>Set aside so that the rest could be loaded. Nothing here is lost.</span>}
      />
      <Tabs
        label="Kinds"
        base="/quarantine"
        current={tab === 'rejected' ? '' : tab}
        tabs={[
          { id: '', label: 'Rejected records', count: counts?.rejected },
          { id: 'dead', label: 'Dead letters', count: counts?.deadLetters },
          { id: 'closed', label: 'Closed' },
        ]}
      />
      {tab === 'dead' ? <DeadLetters /> : tab === 'closed' ? <Closed /> : <Rejected />}
    </>
  );
}

function Rejected() {
  const { query } = useLocation();
  return (
    <Part query={useResource<Page<RejectedGroup>>('/api/rejected-records/groups?limit=500')}>
      {({ items }) => {
        const { group: id, connection, stream } = query;
        const chosen =
          items.find((group) => group.id === id) ??
          items.find((group) => group.connection === connection && group.stream === stream) ??
          items[0];
        if (chosen === undefined) {
          return (
            <Empty icon="inbox" title="Nothing is set aside">
              Records that do not fit their table appear here, with the reason.
            </Empty>
          );
        }
        return (
          <div class="split">
            <GroupList groups={items} chosen={chosen} />
            <Group key={chosen.id} group={chosen} />
          </div>
        );
      }}
    </Part>
  );
}
