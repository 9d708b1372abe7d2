import { formatBytes, formatNumber } from '@pipeline/protocol/format';
import { Columns } from '../../parts/bars.tsx';
import { Menu } from '../../parts/menu.tsx';
import { StateStatus } from '../../parts/status.tsx';
import { streamCommands } from '../../parts/stream-commands.tsx';
import { StreamOutcome } from '../../parts/stream-outcome.tsx';
import { Time } from '../../parts/time.tsx';
import type { StreamItem } from '../../schema.ts';

const DAYS_WIDTH = 71;

export function StreamRow({ stream, isNamed }: { stream: StreamItem; isNamed: boolean }) {
  const {
    connection,
    stream: name,
    parent,
    loadedAt,
    isLate,
    rows,
    isRowsExact,
    bytes,
    lastRead,
    days,
    activity,
  } = stream;
  const total = days.reduce((sum, day) => sum + day.rows, 0);
  return (
    <tr data-row="">
      <td>
        <a href={`/streams/${connection}/${name}`} class={parent !== null && !isNamed ? 'child' : 'strong'}>
          {isNamed ? `${connection}.${name}` : name}
        </a>
      </td>
      <td>
        <StreamOutcome stream={stream} isQuiet />
        {activity !== null && (
          <>
            {' '}
            <StateStatus state={activity}>
              <span class="vh">{activity}</span>
            </StateStatus>
          </>
        )}
      </td>
      <td class="num">
        {loadedAt !== null && (
          <span class={isLate ? 'fail strong' : ''}>
            <Time at={loadedAt} as="age" />
            {isLate && <span class="vh">, late</span>}
          </span>
        )}
      </td>
      <td class="num">
        {rows !== null && !isRowsExact && <span class="muted">about </span>}
        {formatNumber(rows)}
      </td>
      <td class="num">{formatBytes(bytes)}</td>
      <td class="num">
        {lastRead !== null && lastRead.rows > 0 && (
          <a href={`/runs/${lastRead.runId}`}>{formatNumber(lastRead.rows)}</a>
        )}
      </td>
      <td>
        <Columns
          columns={days.map(({ rows: count, rejected }) => ({
            value: count,
            tone: rejected > 0 ? 'k-warn' : 'k-quiet',
          }))}
          width={DAYS_WIDTH}
          height={18}
          label={`${formatNumber(total)} rows in 12 days`}
        />
      </td>
      <td class="mono muted bookmark">
        <Bookmark stream={stream} />
      </td>
      <td class="r">
        <Menu
          label={`Actions for ${connection}.${name}`}
          commands={parent === null ? streamCommands(stream, false) : []}
        />
      </td>
    </tr>
  );
}

/** An instant in short, any other value as it is. */
function Bookmark({ stream: { bookmark, parent } }: { stream: StreamItem }) {
  if (parent !== null) return <>as parent</>;
  if (bookmark === null) return <>full</>;
  if (/^\d{4}-\d\d-\d\dT.*Z$/.test(bookmark)) return <Time at={bookmark} as="when" />;
  return <span title={bookmark}>{bookmark}</span>;
}
