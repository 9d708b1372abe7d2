import { formatNumber } from '@pipeline/protocol/format';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { read } from '../../api.ts';
import { connection, followed, followLog } from '../../live.ts';
import { Icon } from '../../parts/icon.tsx';
import { Part } from '../../parts/states.tsx';
import { useResource } from '../../queries.ts';
import type { LogLine, LogPage, Run } from '../../schema.ts';
import { LogFilter } from './log-filter.tsx';
import { LogLines } from './log-lines.tsx';

const PAGE_LINES = 500;

/** The run's log. The server searches all of it; the browser's own search finds what is shown. */
export function Log({ run }: { run: Run }) {
  const { query, path: here } = useLocation();
  const isLive = run.state === 'running';
  const filter = new URLSearchParams(Object.entries(query).filter(([name]) => ['level', 'stream', 'q'].includes(name)));
  const path = `/api/runs/${run.id}/log?limit=${PAGE_LINES}${filter.size > 0 ? `&${filter}` : ''}`;
  const page = useResource<LogPage>(path);
  const [later, setLater] = useState<{ path: string; lines: LogLine[]; cursor: string | null }>();
  useFollowed(run.id, isLive);
  const more = later?.path === path ? later : undefined;
  const cursor = more === undefined ? page.data?.nextCursor : more.cursor;
  const loadMore = async () => {
    const next = await read<LogPage>(`${path}&cursor=${cursor}`);
    setLater({ path, lines: [...(more?.lines ?? []), ...next.items], cursor: next.nextCursor });
  };
  return (
    <section class="card log" aria-labelledby="log">
      <header>
        <h2 id="log">Log</h2>
        <LogFilter filter={filter} counts={page.data?.counts} />
        <span class="end">
          <a
            class="btn ghost"
            href={`/api/runs/${run.id}/log.txt`}
            download={`${run.source}-${run.id.slice(0, 8)}.log`}
          >
            <Icon name="download" />
            Download
          </a>
        </span>
      </header>
      <Part query={page}>
        {({ items }) => (
          <ShownLines
            items={items}
            later={more?.lines ?? []}
            filter={filter}
            isLive={isLive}
            runId={run.id}
            clear={here}
          />
        )}
      </Part>
      {cursor != null && (
        <div class="pad line">
          <button class="btn" type="button" onClick={() => void loadMore()}>
            {formatNumber(PAGE_LINES)} more
          </button>
        </div>
      )}
    </section>
  );
}

interface ShownLinesProps {
  items: LogLine[];
  later: LogLine[];
  filter: URLSearchParams;
  isLive: boolean;
  runId: string;
  clear: string;
}

/** What was asked for, and what came since by events where nothing is filtered. */
function ShownLines({ items, later, filter, isLive, runId, clear }: ShownLinesProps) {
  const live = followed.value;
  const lines = useMemo(() => {
    const known = new Set<string>();
    const fresh = live?.runId === runId && filter.size === 0 ? live.lines : [];
    return [...items, ...later, ...fresh].filter(({ id }) => !known.has(id) && known.add(id));
  }, [items, later, live, runId, filter.size]);
  if (lines.length === 0) {
    return (
      <div class="empty">
        <Icon name="search" />
        {filter.size > 0 ? (
          <>
            <b>No line is like this</b>
            <a class="link" href={clear}>
              Clear the filter
            </a>
          </>
        ) : (
          <b>{isLive ? 'No line yet' : 'No line is kept of this run'}</b>
        )}
      </div>
    );
  }
  return <LogLines lines={lines} />;
}

/** Lines of a live run come by themselves. */
function useFollowed(runId: string, isLive: boolean): void {
  const isConnected = connection.value.state !== 'lost';
  useEffect(() => {
    if (!isLive || !isConnected) return;
    followLog(runId);
    return () => followLog(undefined);
  }, [runId, isLive, isConnected]);
}
