import { Earlier, usePages } from '../../parts/pages.tsx';
import { RowsTable } from '../../parts/rows-table.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import type { AuditEntry } from '../../schema.ts';

/** Who did what. */
export function Audit() {
  const pages = usePages<AuditEntry>('/api/audit?limit=100');
  const { items } = pages;
  return (
    <Part query={pages.first}>
      {() => {
        if (items.length === 0) return <Empty icon="history" title="Nobody has done anything yet" />;
        return (
          <section class="card" aria-labelledby="audit">
            <header>
              <h2 id="audit">Audit</h2>
              <span class="small muted">newest first</span>
            </header>
            <RowsTable headings={['When', 'Who', 'What', { text: 'Details', class: 'wide' }]}>
              {items.map((entry) => (
                <tr key={entry.id} data-row="">
                  <td class="nowrap">
                    <Time at={entry.at} as="when" />
                  </td>
                  <td class="anywhere">{entry.actor}</td>
                  <td class="anywhere">
                    {entry.action} <span class="muted">{entry.target}</span>
                  </td>
                  <td class="wide mono small soft anywhere">{details(entry)}</td>
                </tr>
              ))}
            </RowsTable>
            <Earlier {...pages} />
          </section>
        );
      }}
    </Part>
  );
}

function details({ details: named }: AuditEntry): string {
  return Object.entries(named)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}
