import { formatCount, formatDuration, formatMinute, formatNumber } from '@pipeline/protocol/format';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { send } from '../../api.ts';
import { zone } from '../../clock.ts';
import { Action } from '../../parts/action.tsx';
import { Chips } from '../../parts/chips.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { useResource } from '../../queries.ts';
import type { Cycle, Page, Requested } from '../../schema.ts';
import { CycleRow, pipelinesOf } from './cycle-row.tsx';

const FILTERS = [
  { label: 'All', query: {} },
  { label: 'Failed', query: { status: 'failed' }, icon: 'octagon-x' as const },
  { label: 'With rejects', query: { rejected: 'true' }, icon: 'triangle-alert' as const },
  { label: 'Rows changed', query: { changed: 'true' } },
  { label: 'By hand', query: { byHand: 'true' } },
];
const KNOWN = ['status', 'rejected', 'changed', 'byHand', 'pipeline', 'cursor'];

/** When did it begin, is it getting slower. */
export default function RunsPage() {
  const { query, route } = useLocation();
  const search = new URLSearchParams(Object.entries(query).filter(([name]) => KNOWN.includes(name)));
  const cycles = useResource<Page<Cycle>>(`/api/cycles?${search}`);
  const total = cycles.data?.total;
  return (
    <>
      <PageHead title="Runs" meta={total === undefined ? undefined : <span>{formatCount(total, 'cycle')}</span>}>
        <Action
          class="primary"
          label="Run now"
          icon="play"
          run={async () => (await send<Requested>('POST', '/api/cycles', {})).message}
        />
      </PageHead>
      <Chips
        label="Filter"
        chips={FILTERS.map(({ label, query: wanted, ...rest }) => ({
          label,
          href: `/runs${Object.keys(wanted).length === 0 ? '' : `?${new URLSearchParams(Object.entries(wanted))}`}`,
          isCurrent: isSame(wanted, query),
          ...rest,
        }))}
      />
      <Part query={cycles} lines={10}>
        {(page) =>
          page.items.length === 0 ? (
            <NoCycles isFiltered={search.size > 0} />
          ) : (
            <CyclesTable
              page={page}
              earlier={() => route(`/runs?${withCursor(search, page.nextCursor)}`)}
              isFirst={!search.has('cursor')}
            />
          )
        }
      </Part>
    </>
  );
}

function CyclesTable({ page, earlier, isFirst }: { page: Page<Cycle>; earlier: () => void; isFirst: boolean }) {
  const newest = useStablePage(page, isFirst);
  const pipelines = pipelinesOf(newest.shown.items);
  return (
    <section class="card" aria-label="Cycles">
      {newest.waiting > 0 && (
        <div class="pad">
          <button class="link small" type="button" onClick={newest.show}>
            {newest.waiting} new
          </button>
        </div>
      )}
      <div class="scroll">
        <table class="hover tall">
          <caption class="vh">Cycles, newest first</caption>
          <thead>
            <tr>
              <th>Cycle</th>
              {pipelines.map(({ name, label }) => (
                <th key={name}>{label}</th>
              ))}
              <th>dbt</th>
              <th class="num rows">Rows</th>
              <th class="num">Took</th>
              <th class="wide">Why it failed</th>
            </tr>
          </thead>
          <tbody>
            {newest.shown.items.map((cycle) => (
              <CycleRow key={cycle.id} cycle={cycle} pipelines={pipelines} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="pad btns small muted line">
        <span>
          {page.total === undefined || page.total === page.items.length
            ? formatCount(page.items.length, 'cycle')
            : `${formatNumber(page.items.length)} of ${formatNumber(page.total)}`}
          {median(page.items)}
        </span>
        {!isFirst && (
          <a class="btn" href="/runs">
            Newest
          </a>
        )}
        {page.nextCursor !== null && (
          <button class="btn" type="button" onClick={earlier}>
            Earlier
          </button>
        )}
      </div>
    </section>
  );
}

/** Rows change in place; new ones wait until they are asked for, so that none jumps away under the pointer. */
function useStablePage(page: Page<Cycle>, isFirst: boolean) {
  const [known, setKnown] = useState(page);
  const isOther = !page.items.some(({ id }) => known.items.some((item) => item.id === id));
  const shownIds = new Set((isOther ? page : known).items.map(({ id }) => id));
  const fresh = page.items.filter(({ id }) => !shownIds.has(id));
  const current = new Map(page.items.map((item) => [item.id, item]));
  // A filter or an earlier page is another list.
  if (isOther || !isFirst || fresh.length === 0) return { shown: page, waiting: 0, show: () => setKnown(page) };
  const items = known.items.map((item) => current.get(item.id) ?? item);
  return { shown: { ...page, items }, waiting: fresh.length, show: () => setKnown(page) };
}

function NoCycles({ isFiltered }: { isFiltered: boolean }) {
  if (!isFiltered)
    return (
      <Empty icon="history" title="No cycle yet">
        Each pass over the sources appears here, with what it loaded and how long it took.
      </Empty>
    );
  return (
    <Empty icon="search" title="No cycle is like this">
      <a class="link" href="/runs">
        Clear the filter
      </a>
    </Empty>
  );
}

function isSame(wanted: Record<string, string>, query: Record<string, string>): boolean {
  const given = Object.entries(query).filter(
    ([name]) => KNOWN.includes(name) && name !== 'cursor' && name !== 'pipeline',
  );
  return given.length === Object.keys(wanted).length && given.every(([name, value]) => wanted[name] === value);
}

function withCursor(search: URLSearchParams, cursor: string | null): URLSearchParams {
  const next = new URLSearchParams(search);
  if (cursor !== null) next.set('cursor', cursor);
  return next;
}

function median(cycles: Cycle[]): string {
  const ended = cycles
    .filter(({ finishedAt }) => finishedAt !== null)
    .map(({ seconds }) => seconds)
    .toSorted((a, b) => a - b);
  const middle = ended[Math.floor(ended.length / 2)];
  const first = cycles.at(-1);
  if (middle === undefined || first === undefined) return '';
  return `, since ${formatMinute(first.startedAt, zone.value)}, typically ${formatDuration(middle * 1_000)}`;
}
