import { useState } from 'preact/hooks';
import { send } from '../../api.ts';
import { Action, may } from '../../parts/action.tsx';
import { invalidate } from '../../queries.ts';
import type { Connection, ConnectionChange, Source, Timing } from '../../schema.ts';
import { type Change, ChangeList, changesOf } from './change-list.tsx';
import { patternsOf, selectedOf } from './selection.ts';
import { SettingFields, settingsOf } from './setting-fields.tsx';
import { StreamPicker } from './stream-picker.tsx';
import { runsPerDay, TimingField } from './timing-field.tsx';

/** What may be changed of a connection. What would change is shown before it is saved. */
export function ConnectionForm({ connection, source }: { connection: Connection; source: Source }) {
  const before = selectedOf(source.streams, connection.selection.select);
  const [selected, select] = useState(before);
  const [timing, setTiming] = useState<Timing>(connection.schedule.timing);
  const [values, setValues] = useState(() => textsOf(connection));
  const [drops, setDrops] = useState<ReadonlySet<string>>(new Set());
  const changes = changesOf({ connection, source, before, selected, timing, values });
  const removed = [...before.keys()].filter((stream) => !selected.has(stream));
  const save = async () => {
    await send(
      'PUT',
      `/api/connections/${connection.name}`,
      bodyOf(changes, {
        connection,
        source,
        selected,
        timing,
        values,
        drops: removed.filter((stream) => drops.has(stream)),
      }),
    );
    invalidate(['/api/connections', '/api/streams', '/api/pipelines']);
    return 'saved; it holds from the next run on';
  };
  const isLocked = !may('admin');
  return (
    <>
      <div class="half">
        <section class="card" aria-labelledby="when">
          <header>
            <h2 id="when">When</h2>
          </header>
          <div class="pad">
            <TimingField timing={timing} change={setTiming} />
          </div>
        </section>
        <section class="card" aria-labelledby="how">
          <header>
            <h2 id="how">Access</h2>
          </header>
          <div class="pad stack gap3">
            <SettingFields
              fields={source.settings}
              values={values}
              locked={connection.locked}
              kept={connection.secrets.filter(({ setAt }) => setAt !== null).map(({ name }) => name)}
              change={(name, value) => setValues({ ...values, [name]: value })}
            />
          </div>
        </section>
      </div>
      <StreamPicker
        source={source}
        check={connection.check}
        selected={selected}
        change={select}
        runsPerDay={runsPerDay(timing)}
      />
      {!isLocked && changes.length > 0 && (
        <section class="card save" aria-label="What would change">
          <div class="pad stack gap3">
            <ChangeList changes={changes} />
            {removed.map((stream) => (
              <label key={stream} class="small">
                <input
                  type="checkbox"
                  checked={drops.has(stream)}
                  onChange={() =>
                    setDrops(
                      new Set(drops.has(stream) ? [...drops].filter((each) => each !== stream) : [...drops, stream]),
                    )
                  }
                />{' '}
                drop the table of <code>{stream}</code> too; unticked, it stays and gets no newer
              </label>
            ))}
            <div class="btns">
              <Action
                class="primary"
                label="Save…"
                needs="admin"
                question={() => ({
                  title: `Change ${connection.label}?`,
                  label: 'Save',
                  isDanger: drops.size > 0,
                  ...(drops.size > 0 ? { expect: [...drops].join(', ') } : {}),
                  body: <ChangeList changes={changes} />,
                })}
                run={save}
              />
            </div>
          </div>
        </section>
      )}
    </>
  );
}

interface Edited {
  connection: Connection;
  source: Source;
  selected: ReturnType<typeof selectedOf>;
  timing: Timing;
  values: Record<string, string>;
  drops: string[];
}

/** Only what changed: another person's change of the rest stays. */
function bodyOf(changes: Change[], { connection, source, selected, timing, values, drops }: Edited): ConnectionChange {
  const { origin: _, ...schedule } = connection.schedule;
  const isChanged = (kind: Change['kind']) => changes.some((change) => change.kind === kind);
  const secrets = settingsOf(source.settings, values, true);
  return {
    revision: connection.revision,
    dropTables: drops,
    ...(isChanged('streams') ? { selection: { select: patternsOf(selected) } } : {}),
    ...(isChanged('schedule') ? { schedule: { ...schedule, timing } } : {}),
    ...(isChanged('setting') ? { settings: settingsOf(source.settings, values, false) } : {}),
    ...(isChanged('secret')
      ? { secrets: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, String(value)])) }
      : {}),
  };
}

function textsOf({ settings }: Connection): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value === null ? '' : String(value),
    ]),
  );
}
