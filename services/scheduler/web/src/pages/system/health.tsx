import { formatBytes, formatCount, formatDuration, formatNumber } from '@pipeline/protocol/format';
import { now } from '../../clock.ts';
import { Status, type Tone } from '../../parts/status.tsx';
import type { Instance, System } from '../../schema.ts';
import { LoadCurves } from './load.tsx';

export function Health({ system }: { system: System }) {
  return (
    <div class="two">
      <div class="stack">
        <Services system={system} />
        <Queues system={system} />
      </div>
      <div class="stack">
        <Stores system={system} />
        <LoadCurves />
      </div>
    </div>
  );
}

function Services({ system: { instances } }: { system: System }) {
  const versions = new Set(instances.map(({ version }) => version));
  return (
    <section class="card" aria-labelledby="services">
      <header>
        <h2 id="services">Services</h2>
        <span class="end">
          {versions.size > 1 && formatCount(versions.size, 'version')}
          {versions.size === 1 && `version ${[...versions][0]} everywhere`}
        </span>
      </header>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Service</th>
              <th>State</th>
              <th class="wide">Instance</th>
              <th class="num wide">Up</th>
              <th class="num">Memory</th>
              <th class="num wide">CPU</th>
            </tr>
          </thead>
          <tbody>
            {instances.map((instance) => (
              <tr key={instance.id}>
                <td class="strong">{instance.service}</td>
                <td>
                  <InstanceState instance={instance} />
                </td>
                <td class="mono wide muted">{instance.id.slice(0, 6)}</td>
                <td class="num wide">{formatDuration(now.value - Date.parse(instance.startedAt))}</td>
                <td class="num">{formatBytes(instance.memoryBytes)}</td>
                <td class="num wide">{Math.round(instance.cpu * 100)} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function InstanceState({ instance: { isAlive, seenAt, state, checks } }: { instance: Instance }) {
  if (!isAlive) return <Status tone="fail">{`no sign for ${formatDuration(now.value - Date.parse(seenAt))}`}</Status>;
  const bad = Object.entries(checks).filter(([, result]) => result !== 'ok');
  if (bad.length > 0) {
    return (
      <Status tone="fail">
        <span class="wrap">{bad.map(([name, why]) => `${name}: ${why}`).join('; ')}</span>
      </Status>
    );
  }
  const tone: Tone = state.startsWith('waits')
    ? 'wait'
    : ['idle', 'leads', 'stands by', 'ready'].includes(state)
      ? 'ok'
      : 'run';
  return <Status tone={tone}>{state}</Status>;
}

function Queues({ system: { broker } }: { system: System }) {
  // The broker's management may be closed to us: then it tells of depth and consumers alone.
  const isTold = (name: 'bytes' | 'perSecond' | 'oldestSeconds') => broker.queues.some((queue) => queue[name] !== null);
  const [hasShare, hasRate, hasAge] = [isTold('bytes'), isTold('perSecond'), isTold('oldestSeconds')];
  return (
    <section class="card" aria-labelledby="queues">
      <header>
        <h2 id="queues">Queues</h2>
        <span class="end">
          RabbitMQ{' '}
          {!broker.isConnected
            ? 'is away'
            : broker.blockedBecause === null
              ? 'takes messages'
              : `takes nothing: ${broker.blockedBecause}`}
        </span>
      </header>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Queue</th>
              <th class="num">Waiting</th>
              {hasShare && <th class="wide">of its limit</th>}
              <th class="num wide">Consumers</th>
              {hasRate && <th class="num wide">Per second</th>}
              {hasAge && <th class="num wide">Oldest</th>}
            </tr>
          </thead>
          <tbody>
            {broker.queues.map((queue) => (
              <tr key={queue.name}>
                <td class="mono anywhere">{queue.name}</td>
                <td class="num">{formatNumber(queue.messages)}</td>
                {hasShare && (
                  <td class="wide">
                    <Share bytes={queue.bytes} max={queue.bytesMax} name={queue.name} />
                  </td>
                )}
                <td class="num wide">{formatNumber(queue.consumers)}</td>
                {hasRate && <td class="num wide">{queue.perSecond === null ? '–' : queue.perSecond.toFixed(1)}</td>}
                {hasAge && (
                  <td class="num wide">
                    {queue.oldestSeconds === null ? '–' : formatDuration(queue.oldestSeconds * 1_000)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const NEARLY_FULL = 0.8;

function Share({ bytes, max, name }: { bytes: number | null; max: number | null; name: string }) {
  if (bytes === null || max === null) return <span class="muted">–</span>;
  return (
    <progress
      class={bytes > max * NEARLY_FULL ? 'is-warn' : 'is-ok'}
      max={max}
      value={bytes}
      aria-label={`${name}: ${formatBytes(bytes)} of ${formatBytes(max)}`}
    />
  );
}

const DISK_LOW = 0.1;

function Stores({ system: { database, disk, logLinesDropped, clients, version } }: { system: System }) {
  return (
    <section class="card" aria-labelledby="stores">
      <header>
        <h2 id="stores">PostgreSQL and disk</h2>
      </header>
      <dl class="facts pad">
        <dt>Server</dt>
        <dd>
          {database === null ? (
            <Status tone="fail">away</Status>
          ) : (
            `${database.version}, responds in ${formatDuration(database.responseMs)}`
          )}
        </dd>
        {database !== null && (
          <>
            <dt>Connections</dt>
            <dd>
              {formatNumber(database.connections)} of {formatNumber(database.connectionsMax)}
            </dd>
            <dt>Database</dt>
            <dd>{formatBytes(database.bytes)}</dd>
            <dt>Outbox</dt>
            <dd>
              {database.outboxWaiting === 0 ? 'empty' : `${formatCount(database.outboxWaiting, 'message')} waiting`}
            </dd>
            <dt>Violations</dt>
            <dd>
              <Status tone={database.violations === 0 ? 'ok' : 'fail'}>{formatNumber(database.violations)}</Status>
            </dd>
          </>
        )}
        {disk !== null && (
          <>
            <dt>Disk</dt>
            <dd>
              <Status tone={disk.freeBytes < disk.totalBytes * DISK_LOW ? 'fail' : 'ok'}>
                {`${formatBytes(disk.freeBytes)} free of ${formatBytes(disk.totalBytes)}`}
              </Status>
            </dd>
          </>
        )}
        <dt>Log lines</dt>
        <dd>
          {logLinesDropped === 0 ? 'none lost' : `${formatNumber(logLinesDropped)} not kept while PostgreSQL was away`}
        </dd>
        <dt>Open pages</dt>
        <dd>{formatNumber(clients)}</dd>
        <dt>Version</dt>
        <dd>{version}</dd>
      </dl>
    </section>
  );
}
