import { formatNumber } from '@pipeline/protocol/format';
import { Action, may } from '../../parts/action.tsx';
import { useConnectionLabel } from '../../parts/connection-label.ts';
import { Icon } from '../../parts/icon.tsx';
import { Menu } from '../../parts/menu.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Prose } from '../../parts/prose.tsx';
import { Part } from '../../parts/states.tsx';
import { StateStatus } from '../../parts/status.tsx';
import { streamCommands } from '../../parts/stream-commands.tsx';
import { StreamOutcome } from '../../parts/stream-outcome.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { useResource } from '../../queries.ts';
import type { Stream } from '../../schema.ts';
import { Bookmarks } from './bookmarks.tsx';
import { ColumnsTab } from './columns-tab.tsx';
import { Overview } from './overview.tsx';
import { PreviewTab } from './preview-tab.tsx';
import { Reads } from './reads.tsx';

interface StreamPageProps {
  source?: string;
  stream?: string;
  tab?: string;
}

/** Can I trust this table, what changed. */
export default function StreamPage({ source = '', stream = '', tab = '' }: StreamPageProps) {
  const path = `/api/streams/${encodeURIComponent(source)}/${encodeURIComponent(stream)}`;
  return (
    <Part query={useResource<Stream>(path)} lines={10}>
      {(found) => (
        <>
          <StreamHead stream={found} />
          <Tabs
            label="Parts"
            base={`/streams/${source}/${stream}`}
            current={tab}
            tabs={[
              { id: '', label: 'Overview' },
              { id: 'columns', label: 'Columns' },
              { id: 'bookmarks', label: 'Bookmarks' },
              { id: 'runs', label: 'Runs' },
              ...(may('admin') ? [{ id: 'preview', label: 'Preview' }] : []),
            ]}
          />
          {tab === '' && <Overview stream={found} path={path} />}
          {tab === 'columns' && <ColumnsTab stream={found} path={path} />}
          {tab === 'bookmarks' && <Bookmarks stream={found} path={path} />}
          {tab === 'runs' && <Reads reads={found.reads} title="Reads" />}
          {tab === 'preview' && <PreviewTab path={path} />}
        </>
      )}
    </Part>
  );
}

function StreamHead({ stream }: { stream: Stream }) {
  const { connection, stream: name, activity, schema, table, keyColumns, replicationKey, parent, endpoint } = stream;
  const labelOf = useConnectionLabel();
  const [run, refresh, ...more] = streamCommands(stream, false);
  return (
    <>
      <PageHead
        title={name}
        windowTitle={`${connection}.${name}`}
        crumbs={[
          { label: 'Streams', href: '/streams' },
          { label: labelOf(connection), href: `/streams?source=${connection}` },
        ]}
        status={
          <>
            <StreamOutcome stream={stream} isPill />
            {activity !== null && <StateStatus state={activity} isPill />}
          </>
        }
        meta={
          <>
            {table !== null && (
              <span class="anywhere">
                table <code>{`${schema}.${table}`}</code>
              </span>
            )}
            {keyColumns.length > 0 && (
              <span>
                key <code>{keyColumns.join(', ')}</code>
              </span>
            )}
            {replicationKey !== null && (
              <span>
                new since <code>{replicationKey}</code>
              </span>
            )}
            {endpoint !== null && (
              <span class="anywhere">
                from <code>{endpoint}</code>
              </span>
            )}
            {parent !== null && (
              <span>
                read with{' '}
                <a class="link" href={`/streams/${connection}/${parent}`}>
                  {parent}
                </a>
              </span>
            )}
          </>
        }
      >
        {parent === null && run !== undefined && <Action {...run} />}
        {parent === null && refresh !== undefined && <Action {...refresh} />}
        {parent === null && <Menu label="More" commands={more} />}
      </PageHead>
      <Notes stream={stream} />
    </>
  );
}

function Notes({ stream: { connection, stream, openRejected, outcome, error, code } }: { stream: Stream }) {
  return (
    <>
      {outcome === 'failed' && error !== null && (
        <p class="note">
          <Icon name="octagon-x" class="fail" />
          <span class="anywhere">
            <Prose text={error} /> {code !== null && <code>{code}</code>}
          </span>
        </p>
      )}
      {openRejected > 0 && (
        <a class="note" href={`/quarantine?connection=${connection}&stream=${stream}`}>
          <Icon name="triangle-alert" class="warn" />
          <span>
            {openRejected === 1
              ? '1 record of this table is'
              : `${formatNumber(openRejected)} records of this table are`}{' '}
            set aside. <span class="link">Review</span>
          </span>
        </a>
      )}
    </>
  );
}
