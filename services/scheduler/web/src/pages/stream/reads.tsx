import { formatDuration, formatNumber } from '@pipeline/protocol/format';
import { now } from '../../clock.ts';
import { RowsTable } from '../../parts/rows-table.tsx';
import { StateStatus, Status } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import type { Stream } from '../../schema.ts';

type Read = Stream['reads'][number];

/** The newest reads of a stream, each leading to its run. */
export function Reads({ reads, title }: { reads: Read[]; title: string }) {
  return (
    <section class="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {reads.length === 0 ? (
        <p class="pad muted">Not read yet.</p>
      ) : (
        <RowsTable headings={['When', 'Result', { text: 'Rows', class: 'num' }, { text: 'Took', class: 'num' }]}>
          {reads.map((read) => (
            <tr key={read.epoch} data-row="">
              <td class="nowrap">
                <a href={`/runs/${read.runId}`}>
                  <Time at={read.startedAt} as="when" />
                </a>
              </td>
              <td>
                <Result read={read} />
                {read.isFull && <span class="small muted"> whole</span>}
              </td>
              <td class="num">{formatNumber(read.rows)}</td>
              <td class="num">
                {formatDuration(read.seconds === null ? now.value - Date.parse(read.startedAt) : read.seconds * 1_000)}
              </td>
            </tr>
          ))}
        </RowsTable>
      )}
    </section>
  );
}

function Result({ read: { state, rejected, error } }: { read: Read }) {
  if (state === 'live') return <StateStatus state="reading" />;
  if (state === 'loaded' && rejected > 0) return <Status tone="warn">{`${formatNumber(rejected)} rejected`}</Status>;
  if (state === 'loaded' || state === 'incomplete') return <StateStatus state={state} />;
  if (state === 'failed') {
    return (
      <span title={error ?? ''}>
        <StateStatus state="failed" />
      </span>
    );
  }
  return <StateStatus state="cancelled">{state}</StateStatus>;
}
