import { formatBytes, formatNumber } from '@pipeline/protocol/format';
import { Icon } from '../../parts/icon.tsx';
import type { Now } from '../../schema.ts';

/** Whether the machinery works, in a line that leads to System. */
export function VitalsStrip({ now: { vitals } }: { now: Now }) {
  const { services, servicesReady, queuedMessages, databaseBytes, isBrokerConnected, isDatabaseConnected } = vitals;
  const parts: { label: string; value: string; isOk: boolean }[] = [
    {
      label: 'PostgreSQL',
      value: isDatabaseConnected ? formatBytes(databaseBytes) : 'away',
      isOk: isDatabaseConnected,
    },
    {
      label: 'RabbitMQ',
      value: !isBrokerConnected
        ? 'away'
        : queuedMessages === null
          ? 'takes messages'
          : `${formatNumber(queuedMessages)} waiting`,
      isOk: isBrokerConnected,
    },
    ...(services === 0
      ? []
      : [{ label: 'Services', value: `${servicesReady} of ${services} ready`, isOk: servicesReady === services }]),
  ];
  const isWell = parts.every(({ isOk }) => isOk);
  return (
    <a class="card vitals" href="/system">
      <span class="vh">{`System: ${isWell ? 'all well' : 'look here'}`}</span>
      {parts.map(({ label, value, isOk }) => (
        <span key={label}>
          <Icon name={isOk ? 'circle-check' : 'octagon-x'} class={isOk ? 'ok' : 'fail'} />
          {label} <b>{value}</b>
        </span>
      ))}
    </a>
  );
}
