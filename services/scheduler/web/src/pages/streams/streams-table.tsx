import { Fragment } from 'preact';
import { useConnectionLabel } from '../../parts/connection-label.ts';
import { SourceMark } from '../../parts/source-mark.tsx';
import type { StreamItem } from '../../schema.ts';
import { StreamRow } from './stream-row.tsx';

const COLUMNS: { label: string; sort?: string; isNumber?: boolean }[] = [
  { label: 'Stream' },
  { label: 'Last result' },
  { label: 'Fresh', sort: 'fresh', isNumber: true },
  { label: 'Rows', sort: 'rows', isNumber: true },
  { label: 'Size', sort: 'size', isNumber: true },
  { label: 'Last read', sort: 'read', isNumber: true },
  { label: '12 days' },
  { label: 'Bookmark' },
];

/** A phone shows these; a fixed layout would make room for every column that a cell spans. */
const PHONE_COLUMNS = 3;

interface StreamsTableProps {
  streams: StreamItem[];
  /** `rows`, `-rows`, or nothing for groups by connection. */
  sort: string;
  sortBy: (sort: string) => string;
}

export function StreamsTable({ streams, sort, sortBy }: StreamsTableProps) {
  const labelOf = useConnectionLabel();
  const groups =
    sort === '' ? Object.entries(Object.groupBy(streams, ({ connection }) => connection)) : [['', streams] as const];
  return (
    <section class="card" aria-label="Streams">
      <div class="scroll">
        <table class="hover streams">
          <caption class="vh">Streams</caption>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <Head key={column.label} {...column} current={sort} sortBy={sortBy} />
              ))}
              <th>
                <span class="vh">Actions</span>
              </th>
            </tr>
          </thead>
          {groups.map(([connection, items = []]) => (
            <tbody key={connection}>
              {connection !== '' && (
                <tr class="bar">
                  <th class="group" colSpan={PHONE_COLUMNS} scope="rowgroup">
                    <span class="name">
                      <SourceMark label={connection} />
                      <span>{labelOf(connection)}</span>
                    </span>
                  </th>
                  <td class="group" colSpan={COLUMNS.length + 1 - PHONE_COLUMNS} />
                </tr>
              )}
              {(sort === '' ? withChildren(items) : items).map((item) => (
                <StreamRow key={`${item.connection}.${item.stream}`} stream={item} isNamed={sort !== ''} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}

function Head({
  label,
  sort,
  isNumber,
  current,
  sortBy,
}: (typeof COLUMNS)[number] & { current: string; sortBy: (sort: string) => string }) {
  if (sort === undefined) return <th class={isNumber ? 'num' : ''}>{label}</th>;
  const isCurrent = current.replace('-', '') === sort;
  const isDown = current.startsWith('-');
  // Down first, then up, then as it was.
  const next = !isCurrent ? `-${sort}` : isDown ? sort : '';
  return (
    <th class="num" aria-sort={!isCurrent ? 'none' : isDown ? 'descending' : 'ascending'}>
      <a href={sortBy(next)}>
        {label}
        {isCurrent && <Fragment>{isDown ? ' ↓' : ' ↑'}</Fragment>}
      </a>
    </th>
  );
}

/** Children right below their parents. */
function withChildren(items: StreamItem[]): StreamItem[] {
  const names = new Set(items.map(({ stream }) => stream));
  const roots = items.filter(({ parent }) => parent === null || !names.has(parent));
  const below = (item: StreamItem): StreamItem[] => [
    item,
    ...items.filter(({ parent }) => parent === item.stream).flatMap(below),
  ];
  return roots.flatMap(below);
}
