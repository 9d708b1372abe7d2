import { useState } from 'preact/hooks';
import { read } from '../../api.ts';
import { Empty, Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useResource } from '../../queries.ts';
import type { AuditEntry, Page } from '../../schema.ts';

const PATH = '/api/audit?limit=100';

/** Who did what. */
export function Audit() {
  const first = useResource<Page<AuditEntry>>(PATH);
  const [later, setLater] = useState<Page<AuditEntry>>();
  return (
    <Part query={first}>
      {(page) => {
        const items = [...page.items, ...(later?.items ?? [])];
        const cursor = later === undefined ? page.nextCursor : later.nextCursor;
        if (items.length === 0) return <Empty icon="history" title="Nobody has done anything yet" />;
        return (
          <section class="card" aria-labelledby="audit">
            <header>
              <h2 id="audit">Audit</h2>
              <span class="small muted">newest first</span>
            </header>
            <div class="scroll">
              <table class="hover">
                <thead>
                  <tr>
                    <th>When</th>
                    <th>Who</th>
                    <th>What</th>
                    <th class="wide">Details</th>
                  </tr>
                </thead>
                <tbody>
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
                </tbody>
              </table>
            </div>
            {cursor !== null && (
              <div class="pad line">
                <button
                  class="btn"
                  type="button"
                  onClick={() =>
                    void read<Page<AuditEntry>>(`${PATH}&cursor=${cursor}`).then((next) =>
                      setLater({ ...next, items: [...(later?.items ?? []), ...next.items] }),
                    )
                  }
                >
                  Earlier
                </button>
              </div>
            )}
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
