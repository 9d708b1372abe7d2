import { formatBytes } from '@pipeline/protocol/format';
import { useLocation } from 'preact-iso';
import { Action, may } from '../../parts/action.tsx';
import { Menu } from '../../parts/menu.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { useResource } from '../../queries.ts';
import type { Connection, Dependents, Page, Source } from '../../schema.ts';
import { CheckResult } from './check-result.tsx';
import { checkCommand, connectionCommands, removeCommand } from './connection-commands.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { ConnectionState } from './connection-state.tsx';

/** What was counted, and how much of it each organisation has sent where there are several. */
function receivedTitle({ received: { accounts } }: Connection): string {
  const each = accounts.length < 2 ? [] : accounts;
  return [
    'Bodies of responses, compressed as they came; days and months in UTC',
    ...each.map(
      ({ account, todayBytes, monthBytes }) =>
        `${account}: ${formatBytes(todayBytes)} today, ${formatBytes(monthBytes)} this month`,
    ),
  ].join('\n');
}

/** One account: what it lets us do, what is read of it, when. */
export default function ConnectionPage({ name = '' }: { name?: string }) {
  const connection = useResource<Connection>(`/api/connections/${encodeURIComponent(name)}`);
  const sources = useResource<Page<Source>>('/api/sources');
  return (
    <Part query={connection} lines={10}>
      {(found) => (
        <>
          <Head connection={found} />
          {found.check === null ? (
            <Empty icon="plug" title="Not looked at yet">
              <em>Check access</em> has the tap look at the token, its scopes and each stream.
            </Empty>
          ) : (
            <CheckResult check={found.check} />
          )}
          <Part query={sources}>
            {({ items }) => {
              const source = items.find(({ source: each }) => each === found.source);
              return source === undefined ? (
                <Empty icon="plug" title={`No tap of ${found.source} runs`}>
                  Start <code>{`tap-${found.source}`}</code> to change this connection.
                </Empty>
              ) : (
                <ConnectionForm key={found.revision} connection={found} source={source} />
              );
            }}
          </Part>
        </>
      )}
    </Part>
  );
}

function Head({ connection }: { connection: Connection }) {
  const { route } = useLocation();
  const dependents = useResource<Dependents>(
    may('admin') ? `/api/connections/${connection.name}/dependents` : null,
  ).data;
  const gone = () => route('/connections');
  return (
    <PageHead
      title={connection.label}
      crumbs={[{ label: 'Connections', href: '/connections' }]}
      status={<ConnectionState connection={connection} isPill />}
      meta={
        <>
          <span class="mono">{connection.pipeline}</span>
          <span>
            schema <code>{connection.targetSchema}</code>
          </span>
          <a class="link" href={`/streams?source=${connection.name}`}>
            its tables
          </a>
          {connection.received.monthBytes > 0 && (
            <span title={receivedTitle(connection)}>
              {`${formatBytes(connection.received.todayBytes)} received today, ${formatBytes(connection.received.monthBytes)} this month`}
            </span>
          )}
          {connection.origin === 'environment' && (
            <span>made by variables and config.yml, which win over this page</span>
          )}
        </>
      }
    >
      <Action {...checkCommand(connection)} />
      <Menu
        label="More"
        commands={[
          ...connectionCommands(connection).slice(1),
          ...(connection.origin === 'page' && dependents !== undefined
            ? [removeCommand(connection, dependents, false, gone), removeCommand(connection, dependents, true, gone)]
            : []),
        ]}
      />
    </PageHead>
  );
}
