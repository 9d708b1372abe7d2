import { formatBytes, formatDay, formatDuration, formatNumber } from '@pipeline/protocol/format';
import { Columns } from '../../parts/bars.tsx';
import { Icon } from '../../parts/icon.tsx';
import { type Kpi, Kpis } from '../../parts/kpis.tsx';
import { LegendEntry } from '../../parts/legend-entry.tsx';
import { Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useResource } from '../../queries.ts';
import type { Page, SchemaChange, Stream, StreamDay } from '../../schema.ts';
import { changeText } from './change-text.ts';
import { Reads } from './reads.tsx';

const READS_SHOWN = 8;
const DAYS = 30;
const CHANGES = 200;
const TABLE_MADE_WITHIN_MS = 5_000;

export function Overview({ stream, path }: { stream: Stream; path: string }) {
  const days = useResource<Page<StreamDay>>(`${path}/days?days=${DAYS}`);
  return (
    <>
      <Kpis items={figures(stream, days.data?.items.at(-1))} />
      <div class="two">
        <div class="stack">
          <Part query={days}>{({ items }) => <DaysCard days={items} />}</Part>
          <Changes path={path} />
        </div>
        <div class="stack">
          <Reads reads={stream.reads.slice(0, READS_SHOWN)} title="Last reads" />
          <Feeds stream={stream} />
        </div>
      </div>
    </>
  );
}

function figures(
  { loadedAt, goalSeconds, rows, isRowsExact, deletedRows, bytes, bookmark }: Stream,
  today: StreamDay | undefined,
): Kpi[] {
  const isInstant = bookmark !== null && /^\d{4}-\d\d-\d\dT.*Z$/.test(bookmark);
  return [
    {
      label: 'Fresh',
      value: loadedAt === null ? '–' : <Time at={loadedAt} as="age" />,
      note: goalSeconds === null ? undefined : `goal ${formatDuration(goalSeconds * 1_000)}`,
    },
    { label: 'Rows', value: formatNumber(rows), note: isRowsExact || rows === null ? undefined : 'about' },
    { label: 'Marked deleted', value: formatNumber(deletedRows) },
    { label: 'Size', value: formatBytes(bytes) },
    { label: 'Loaded today', value: formatNumber(today?.rows ?? 0) },
    {
      label: 'Bookmark',
      value:
        bookmark === null ? 'none' : isInstant ? <Time at={bookmark} as="when" /> : <span class="cut">{bookmark}</span>,
      note: bookmark === null ? 'read whole' : undefined,
    },
  ];
}

function DaysCard({ days }: { days: StreamDay[] }) {
  const most = days.reduce<StreamDay | undefined>(
    (best, day) => (best === undefined || day.rows > best.rows ? day : best),
    undefined,
  );
  const rejected = days.reduce((sum, day) => sum + day.rejected, 0);
  return (
    <section class="card" aria-labelledby="days">
      <header>
        <h2 id="days">Rows loaded a day</h2>
        <span class="end legend">
          <LegendEntry label="loaded" width={9} height={9}>
            <rect class="f-d2" width="9" height="9" rx="2" />
          </LegendEntry>
          <LegendEntry label="with rejects" width={9} height={9}>
            <rect class="f-warn" width="9" height="9" />
          </LegendEntry>
        </span>
      </header>
      <div class="pad">
        <Columns
          columns={days.map((day) => ({
            value: day.rows,
            tone: day.rejected > 0 ? 'k-warn' : 'k-d2',
            isMarked: day.rejected > 0,
          }))}
          width={700}
          height={120}
          gap={8}
          fluid
          label={`Rows loaded in each of ${days.length} days, at most ${formatNumber(most?.rows ?? 0)}; ${formatNumber(rejected)} rejected`}
        />
        <div class="axis" aria-hidden="true">
          <span>{days[0] === undefined ? '' : formatDay(days[0].day, 'UTC')}</span>
          <span>
            {most === undefined || most.rows === 0
              ? ''
              : `most ${formatNumber(most.rows)} on ${formatDay(most.day, 'UTC')}`}
          </span>
          <span>today</span>
        </div>
      </div>
    </section>
  );
}

function Feeds({ stream: { feeds } }: { stream: Stream }) {
  return (
    <section class="card" aria-labelledby="feeds">
      <header>
        <h2 id="feeds">Feeds</h2>
      </header>
      {feeds.length === 0 ? (
        <p class="pad muted">No dbt model is made of this table.</p>
      ) : (
        <ul class="feed one">
          {feeds.map(({ id, name, kind, state }) => {
            const isBad = state === 'fail' || state === 'error';
            return (
              <li key={id}>
                <Icon name={isBad ? 'octagon-x' : 'waypoints'} class={isBad ? 'fail' : ''} />
                <span class="anywhere">
                  <a href={`/models?node=${encodeURIComponent(id)}`}>{name}</a>{' '}
                  <span class="muted">
                    {kind}
                    {state !== null && `, ${state}`}
                  </span>
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

/** The columns that came with the table itself are no news. */
function withoutFirstColumns(changes: SchemaChange[]): SchemaChange[] {
  const made = changes.find(({ change }) => change === 'create_table');
  if (made === undefined) return changes;
  return changes.filter(
    ({ change, at }) =>
      change !== 'add_column' || Math.abs(Date.parse(at) - Date.parse(made.at)) > TABLE_MADE_WITHIN_MS,
  );
}

function Changes({ path }: { path: string }) {
  return (
    <section class="card" aria-labelledby="changes">
      <header>
        <h2 id="changes">Schema changes</h2>
      </header>
      <Part query={useResource<Page<SchemaChange>>(`${path}/changes?limit=${CHANGES}`)} lines={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="pad muted">None since the table was made.</p>
          ) : (
            <ul class="feed">
              {withoutFirstColumns(items).map((change) => (
                <li key={change.id}>
                  <Time at={change.at} as="age" />
                  <Icon name={change.fromType === null ? 'plus' : 'arrow-right'} />
                  <span class="anywhere">{changeText(change)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Part>
    </section>
  );
}
