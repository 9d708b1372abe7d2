import { formatBytes, formatCount } from '@pipeline/protocol/format';
import { useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Chips } from '../../parts/chips.tsx';
import { useConnectionLabel } from '../../parts/connection-label.ts';
import { FindField } from '../../parts/find-field.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { useResource } from '../../queries.ts';
import type { Page, StreamItem } from '../../schema.ts';
import { CsvButton } from './csv.tsx';
import { StreamsTable } from './streams-table.tsx';

type View = Record<string, string>;

/** How fresh and how large is each table. */
export default function StreamsPage() {
  const { query, route } = useLocation();
  const labelOf = useConnectionLabel();
  const streams = useResource<Page<StreamItem>>('/api/streams');
  const items = streams.data?.items ?? [];
  const shown = useMemo(() => filtered(items, query), [items, query]);
  const change = (changes: View) => `/streams${searchOf({ ...query, ...changes })}`;
  return (
    <>
      <PageHead
        title="Streams"
        meta={
          streams.data === undefined ? undefined : (
            <>
              <span>{formatCount(items.length, 'stream')}</span>
              <span>
                {formatCount(
                  sum(items, ({ rows }) => rows),
                  'row',
                )}
              </span>
              <span>{formatBytes(sum(items, ({ bytes }) => bytes))}</span>
            </>
          )
        }
      >
        <CsvButton streams={shown} />
      </PageHead>
      <div class="btns">
        <FindField label="Filter streams" value={query['q'] ?? ''} change={(q) => route(change({ q }), true)} />
        <Chips label="Which streams" chips={chips(items, query, change, labelOf)} />
      </div>
      <Part query={streams} lines={14}>
        {() =>
          shown.length > 0 ? (
            <StreamsTable streams={shown} sort={query['sort'] ?? ''} sortBy={(sort) => change({ sort })} />
          ) : items.length === 0 ? (
            <Empty icon="table-2" title="No stream yet">
              The first run of a connection makes them.{' '}
              <a class="link" href="/connections">
                Connections
              </a>
            </Empty>
          ) : (
            <Empty icon="search" title={query['q'] ? `No stream is called “${query['q']}”` : 'No stream is like this'}>
              <a class="link" href="/streams">
                Clear the filter
              </a>
            </Empty>
          )
        }
      </Part>
    </>
  );
}

function chips(
  items: StreamItem[],
  query: View,
  change: (changes: View) => string,
  labelOf: (connection: string) => string,
) {
  const connections = [...new Set(items.map(({ connection }) => connection))];
  const isAll = !query['state'] && !query['source'];
  return [
    { label: 'All', count: items.length, href: change({ state: '', source: '' }), isCurrent: isAll },
    {
      label: 'Attention',
      icon: 'triangle-alert' as const,
      count: items.filter(needsAttention).length,
      href: change({ state: 'attention', source: '' }),
      isCurrent: query['state'] === 'attention',
    },
    {
      label: 'Changed',
      count: items.filter(hasChanged).length,
      href: change({ state: 'changed', source: '' }),
      isCurrent: query['state'] === 'changed',
    },
    ...connections.map((name) => ({
      label: labelOf(name),
      count: items.filter(({ connection }) => connection === name).length,
      href: change({ source: name, state: '' }),
      isCurrent: query['source'] === name,
    })),
  ];
}

function filtered(items: StreamItem[], { q = '', state, source, sort = '' }: View): StreamItem[] {
  const text = q.toLowerCase();
  const found = items.filter(
    (item) =>
      `${item.connection}.${item.stream}`.toLowerCase().includes(text) &&
      (!source || item.connection === source) &&
      (state !== 'attention' || needsAttention(item)) &&
      (state !== 'changed' || hasChanged(item)),
  );
  return sorted(found, sort);
}

const SORTS: Record<string, (item: StreamItem) => number> = {
  fresh: ({ loadedAt }) => -Date.parse(loadedAt ?? '1970-01-01'),
  rows: ({ rows }) => rows ?? -1,
  size: ({ bytes }) => bytes ?? -1,
  read: ({ lastRead }) => lastRead?.rows ?? -1,
};

/** `rows` upwards, `-rows` downwards; nothing: by source, children below their parents. */
function sorted(items: StreamItem[], sort: string): StreamItem[] {
  const key = SORTS[sort.replace('-', '')];
  if (key === undefined) return items;
  const sign = sort.startsWith('-') ? -1 : 1;
  return items.toSorted((a, b) => sign * (key(a) - key(b)));
}

/** Failed, late, with records set aside. */
function needsAttention({ outcome, isLate, openRejected }: StreamItem): boolean {
  return outcome === 'failed' || outcome === 'incomplete' || isLate || openRejected > 0;
}

function hasChanged({ lastRead }: StreamItem): boolean {
  return lastRead !== null && lastRead.rows > 0;
}

function searchOf(query: View): string {
  const kept = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return kept.size === 0 ? '' : `?${kept}`;
}

function sum(items: StreamItem[], value: (item: StreamItem) => number | null): number {
  return items.reduce((total, item) => total + (value(item) ?? 0), 0);
}
