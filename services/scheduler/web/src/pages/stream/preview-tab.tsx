import { Empty, Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useResource } from '../../queries.ts';
import type { Preview } from '../../schema.ts';

/** The newest rows as they are in the table. Admins only; each look is in the audit log. */
export function PreviewTab({ path }: { path: string }) {
  return (
    <Part query={useResource<Preview>(`${path}/preview`)} lines={12}>
      {({ columns, rows, readAt }) =>
        rows.length === 0 ? (
          <Empty icon="table-2" title="The table is empty" />
        ) : (
          <section class="card" aria-labelledby="preview">
            <header>
              <h2 id="preview">Newest rows</h2>
              <span class="small muted">
                {rows.length}, read at <Time at={readAt} as="clock" />; this look is in the audit log
              </span>
            </header>
            <div class="scroll" tabIndex={0} role="region" aria-label="Newest rows">
              <table class="preview">
                <thead>
                  <tr>
                    {columns.map((name) => (
                      <th key={name}>{name}</th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row, index) => (
                    <tr key={index}>
                      {columns.map((name, column) => (
                        <td key={name} class="mono">
                          {row[column] ?? <span class="muted">null</span>}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
        )
      }
    </Part>
  );
}
