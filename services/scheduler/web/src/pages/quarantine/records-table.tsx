import { formatNumber } from '@pipeline/protocol/format';
import { useConnectionLabel } from '../../parts/connection-label.ts';
import { Icon } from '../../parts/icon.tsx';
import { StateStatus, Status } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import type { RejectedItem } from '../../schema.ts';

interface RecordsTableProps {
  items: RejectedItem[];
  selected: ReadonlySet<string>;
  select: (ids: ReadonlySet<string>) => void;
  /** The record that is open below. */
  shown: string | undefined;
  link: (id: string) => string;
}

export function RecordsTable({ items, selected, select, shown, link }: RecordsTableProps) {
  const labelOf = useConnectionLabel();
  if (items.length === 0) {
    return (
      <div class="empty">
        <Icon name="search" />
        <b>No record is like this</b>
      </div>
    );
  }
  const isAll = items.every(({ id }) => selected.has(id));
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    select(next);
  };
  return (
    <div class="scroll">
      <table class="hover">
        <thead>
          <tr>
            <th class="fit">
              <input
                type="checkbox"
                aria-label="Select all that are shown"
                checked={isAll}
                onChange={() => select(new Set(isAll ? [] : items.map(({ id }) => id)))}
              />
            </th>
            <th>Key</th>
            <th>Set aside</th>
            <th class="wide">Run</th>
            <th class="num wide">Older</th>
            <th>State</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id} data-row="" aria-selected={selected.has(item.id) || item.id === shown}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Select ${item.key ?? `record ${item.id}`}`}
                  checked={selected.has(item.id)}
                  onChange={() => toggle(item.id)}
                />
              </td>
              <td class="key">
                <a class="mono cut" href={link(item.id)} title={item.key ?? undefined}>
                  {item.key ?? `record ${item.id}`}
                </a>
              </td>
              <td class="nowrap">
                <Time at={item.rejectedAt} as="when" />
              </td>
              <td class="wide">
                {item.runId !== null && <a href={`/runs/${item.runId}`}>{labelOf(item.connection)}</a>}
              </td>
              <td class="num wide">{formatNumber(item.older)}</td>
              <td>
                <RecordState state={item.state} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function RecordState({ state }: { state: RejectedItem['state'] }) {
  if (state === 'open') return <Status tone="warn">open</Status>;
  if (state === 'replaying') return <StateStatus state="waiting">retrying</StateStatus>;
  if (state === 'replayed')
    return (
      <StateStatus state="loaded" isQuiet>
        {'loaded'}
      </StateStatus>
    );
  return <StateStatus state="cancelled">discarded</StateStatus>;
}
