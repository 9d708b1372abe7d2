import { formatDay } from '@pipeline/protocol/format';
import { zone } from '../../clock.ts';
import { useConnectionLabel } from '../../parts/connection-label.ts';
import { RowsTable } from '../../parts/rows-table.tsx';
import { Part } from '../../parts/states.tsx';
import { useResource } from '../../queries.ts';
import type { Column, Page, Stream } from '../../schema.ts';
import { changeText } from './change-text.ts';

export function ColumnsTab({ stream, path }: { stream: Stream; path: string }) {
  const labelOf = useConnectionLabel();
  return (
    <Part query={useResource<Page<Column>>(`${path}/columns`)} lines={12}>
      {({ items }) => (
        <section class="card" aria-labelledby="columns">
          <header>
            <h2 id="columns">Columns</h2>
            <span class="end">
              {items.length}, {items.filter(({ property }) => property === null).length} of them metadata
            </span>
          </header>
          <RowsTable headings={['Column', 'Type', `In ${labelOf(stream.connection)}`, 'Since', 'Remarks']} isStacked>
            {items.map((column) => (
              <tr key={column.name}>
                <td class="mono anywhere">{column.name}</td>
                <td class="mono soft nowrap">{column.type}</td>
                <td class="mono soft anywhere">{column.property ?? ''}</td>
                <td class="soft nowrap">{column.since === null ? '' : formatDay(column.since, zone.value)}</td>
                <td class="soft whole">
                  <Remarks column={column} />
                </td>
              </tr>
            ))}
          </RowsTable>
        </section>
      )}
    </Part>
  );
}

function Remarks({ column: { isKey, isNullable, changes, checks, property, comment } }: { column: Column }) {
  const texts = [
    ...(isKey ? ['key'] : []),
    ...(property === null ? ['metadata'] : []),
    ...(!isNullable && !isKey ? ['not null'] : []),
    ...changes.filter(({ fromType }) => fromType !== null).map((change) => changeText({ ...change, column: null })),
    ...(comment === null ? [] : [comment]),
  ];
  return (
    <>
      {texts.join(' · ')}
      {checks.map(({ name, definition }) => (
        <span key={name} class="warn" title={definition}>
          {' '}
          check {name}
        </span>
      ))}
    </>
  );
}
