import { formatCount } from '@pipeline/protocol/format';
import { RowsTable } from '../../parts/rows-table.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { timingText } from '../../parts/timing.ts';
import { useResource } from '../../queries.ts';
import type { Page, PipelineSummary } from '../../schema.ts';

const ORIGINS = { default: 'PIPELINE_INTERVAL_SECONDS', environment: 'a variable', page: 'set here' };

/** When each pipeline runs. It is changed with its connection. */
export function Schedules() {
  return (
    <Part query={useResource<Page<PipelineSummary>>('/api/pipelines')}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon="clock" title="Nothing to schedule yet">
            <a class="link" href="/connections/new">
              Connect a source
            </a>
          </Empty>
        ) : (
          <section class="card" aria-labelledby="schedule">
            <header>
              <h2 id="schedule">Schedule</h2>
            </header>
            <RowsTable
              headings={[
                'Pipeline',
                'When',
                { text: 'From', class: 'wide' },
                'Next',
                { text: 'After a failure', class: 'wide' },
              ]}
            >
              {items.map((pipeline) => (
                <PipelineRow key={pipeline.name} pipeline={pipeline} />
              ))}
            </RowsTable>
          </section>
        )
      }
    </Part>
  );
}

function PipelineRow({ pipeline: { label, connection, schedule, pause, nextRunAt } }: { pipeline: PipelineSummary }) {
  const { timing, origin, retries, retryAfterSeconds, pauseAfterFailures } = schedule;
  const afterFailure = [
    retries > 0 ? `${formatCount(retries, 'retry', 'retries')} from ${retryAfterSeconds} s on` : 'at its next time',
    ...(pauseAfterFailures === null ? [] : [`pauses after ${pauseAfterFailures} in a row`]),
  ];
  return (
    <tr data-row="">
      <td>
        <a class="strong" href={`/connections/${connection}`}>
          {label}
        </a>
      </td>
      <td>{timingText(timing)}</td>
      <td class="wide soft small">{ORIGINS[origin]}</td>
      <td class="nowrap">
        {pause !== null ? (
          'paused'
        ) : nextRunAt === null ? (
          timing.kind === 'manual' ? (
            'when asked'
          ) : (
            'after this cycle'
          )
        ) : (
          <Time at={nextRunAt} as="when" />
        )}
      </td>
      <td class="wide soft small">{afterFailure.join(', ')}</td>
    </tr>
  );
}
