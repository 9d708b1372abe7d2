import { formatCount, formatNumber } from '@pipeline/protocol/format';
import { read, send } from '../../api.ts';
import { Action, may } from '../../parts/action.tsx';
import { Menu } from '../../parts/menu.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SourceMark } from '../../parts/source-mark.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { timingText } from '../../parts/timing.ts';
import { useResource } from '../../queries.ts';
import type { Connection, Page } from '../../schema.ts';
import { ApplyButton } from './apply-configuration.tsx';
import { connectionCommands } from './connection-commands.tsx';
import { ConnectionState } from './connection-state.tsx';

/** Which accounts are read, and do they let us in. */
export default function ConnectionsPage() {
  const connections = useResource<Page<Connection>>('/api/connections');
  const told = toldBy(connections.data?.items ?? []);
  return (
    <>
      <PageHead title="Connections" meta={<span>Accounts that are copied into PostgreSQL</span>}>
        {may('admin') && <ExportButton />}
        <ApplyButton />
        {may('operator') && (connections.data?.items.length ?? 0) > 0 && (
          <Action label="Check all" run={() => checkAll(connections.data?.items ?? [])} />
        )}
        {may('admin') && (
          <a class="btn primary" href="/connections/new">
            New connection
          </a>
        )}
      </PageHead>
      <Part query={connections}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="plug" title="No source is connected yet">
              A connection is an account of a source, with the tables that are made of it.
            </Empty>
          ) : (
            <section class="card" aria-label="Connections">
              <div class="scroll">
                <table class="hover connections">
                  <caption class="vh">Connections</caption>
                  <thead>
                    <tr>
                      <th>Connection</th>
                      <th>State</th>
                      <th class="wide">Account</th>
                      <th class="num wide">Streams</th>
                      {told.limits && <th class="wide">Requests left</th>}
                      {told.end && <th class="wide">Access ends</th>}
                      <th class="wide">Runs</th>
                      <th>
                        <span class="vh">Actions</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {items.map((connection) => (
                      <Row key={connection.name} connection={connection} told={told} />
                    ))}
                  </tbody>
                </table>
              </div>
            </section>
          )
        }
      </Part>
    </>
  );
}

/** What is left of the day, or else of whatever the source has told. */
function limitOf({ check }: Connection) {
  const told = check?.limits.filter(({ left }) => left !== null) ?? [];
  return told.find(({ name }) => /da(y|ily)/.test(name)) ?? told[0];
}

interface Told {
  limits: boolean;
  end: boolean;
}

/** Which columns any source has something for. */
function toldBy(connections: Connection[]): Told {
  return {
    limits: connections.some((connection) => limitOf(connection) !== undefined),
    end: connections.some(({ check }) => check?.tokenEndsAt != null),
  };
}

function Row({ connection, told }: { connection: Connection; told: Told }) {
  const { name, source, label, check, streamsSelected, schedule, origin } = connection;
  const limit = limitOf(connection);
  return (
    <tr data-row="">
      <td>
        <a class="name strong" href={`/connections/${name}`}>
          <SourceMark label={source} />
          <span>{label}</span>
        </a>
        <div class="small muted">
          {name}
          {origin === 'environment' && ', by variables'}
        </div>
      </td>
      <td>
        <ConnectionState connection={connection} />
      </td>
      <td class="wide anywhere">{check?.account?.name ?? <span class="muted">–</span>}</td>
      <td class="num wide">{formatNumber(streamsSelected)}</td>
      {told.limits && (
        <td class="wide">
          {limit === undefined ? (
            <span class="muted">not told</span>
          ) : (
            <>
              {formatNumber(limit.left)}
              {limit.of !== null && <span class="muted"> of {formatNumber(limit.of)}</span>}
            </>
          )}
        </td>
      )}
      {told.end && (
        <td class="wide nowrap">
          {check?.tokenEndsAt == null ? <span class="muted">never</span> : <Time at={check.tokenEndsAt} as="when" />}
        </td>
      )}
      <td class="wide soft">{timingText(schedule.timing)}</td>
      <td class="r">
        <Menu label={`Actions for ${label}`} commands={connectionCommands(connection)} />
      </td>
    </tr>
  );
}

async function checkAll(connections: Connection[]): Promise<string> {
  await Promise.all(connections.map(({ name }) => send('POST', `/api/connections/${name}/check`)));
  return `${formatCount(connections.length, 'connection')} are being looked at`;
}

/** Configuration as code: everything that was made here, secrets by reference. */
function ExportButton() {
  return (
    <Action
      label="Export"
      icon="download"
      needs="admin"
      run={async () => {
        const { yaml } = await read<{ yaml: string }>('/api/configuration');
        const url = URL.createObjectURL(new Blob([yaml], { type: 'application/yaml' }));
        const link = document.createElement('a');
        link.href = url;
        link.download = 'connections.yml';
        link.click();
        URL.revokeObjectURL(url);
        return 'saved as connections.yml';
      }}
    />
  );
}
