import { useLocation } from 'preact-iso';
import { send } from '../../api.ts';
import { FindField } from '../../parts/find-field.tsx';
import { Menu } from '../../parts/menu.tsx';
import { ACTIONS, RowsTable } from '../../parts/rows-table.tsx';
import { Part } from '../../parts/states.tsx';
import { useResource } from '../../queries.ts';
import type { Page, SettingItem } from '../../schema.ts';

/** Settings in force and where they come from. A secret shows no more than that it is set. */
export function Settings() {
  const { query, route } = useLocation();
  const text = (query['q'] ?? '').toLowerCase();
  return (
    <>
      <FindField
        label="Filter settings"
        value={query['q'] ?? ''}
        change={(q) => route(`/system/settings${q === '' ? '' : `?q=${encodeURIComponent(q)}`}`, true)}
      />
      <Part query={useResource<Page<SettingItem>>('/api/settings')} lines={12}>
        {({ items }) => (
          <section class="card" aria-labelledby="settings">
            <header>
              <h2 id="settings">Settings in force</h2>
            </header>
            <RowsTable headings={['Name', 'Value', 'From', 'What it does', ACTIONS]} isStacked>
              {merged(items)
                .filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(text))
                .map((item) => (
                  <SettingRow key={`${item.service} ${item.name}`} item={item} />
                ))}
            </RowsTable>
          </section>
        )}
      </Part>
    </>
  );
}

/** A variable that several services read in the same way is one row. */
function merged(items: SettingItem[]): SettingItem[] {
  const rows = new Map<string, SettingItem>();
  for (const item of items) {
    const key = JSON.stringify([item.name, item.value, item.origin]);
    const known = rows.get(key);
    rows.set(key, known === undefined ? item : { ...known, service: `${known.service}, ${item.service}` });
  }
  return [...rows.values()];
}

function SettingRow({
  item: { name, service, value, isSecret, origin, description, isEditable },
}: {
  item: SettingItem;
}) {
  const put = async (next: string | null) => {
    await send('PUT', `/api/settings/${name}`, { value: next });
    return 'in force now';
  };
  return (
    <tr data-row="">
      <td>
        <span class="mono">{name}</span>
        <div class="small muted">{service}</div>
      </td>
      <td class="mono anywhere">{value ?? <span class="muted">not set</span>}</td>
      <td class="soft small">{origin}</td>
      <td class="soft small whole">{description}</td>
      <td class="r">
        {isEditable && !isSecret && (
          <Menu
            label={`Actions for ${name}`}
            commands={[
              {
                label: 'Change…',
                needs: 'admin',
                question: () => ({
                  title: `Change ${name}`,
                  label: 'Change',
                  body: <p>{description}</p>,
                  input: { label: 'Value', initial: value ?? '' },
                }),
                run: put,
              },
              ...(origin === 'page'
                ? [{ label: 'Back to the default', needs: 'admin' as const, run: () => put(null) }]
                : []),
            ]}
          />
        )}
      </td>
    </tr>
  );
}
