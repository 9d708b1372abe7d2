import { send, sendText } from '../../api.ts';
import { Action, type Command } from '../../parts/action.tsx';
import { Earlier, usePages } from '../../parts/pages.tsx';
import { ACTIONS, RowsTable } from '../../parts/rows-table.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { streamCommands } from '../../parts/stream-commands.tsx';
import { Time } from '../../parts/time.tsx';
import type { StoredState, Stream, StreamChange } from '../../schema.ts';

/** Up to where the stream is read, and what that was before. */
export function Bookmarks({ stream, path }: { stream: Stream; path: string }) {
  const reset = streamCommands(stream, false).find(({ label }) => label.startsWith('Reset'));
  const pages = usePages<StoredState>(`${path}/states?limit=50`);
  const { items } = pages;
  return (
    <Part query={pages.first}>
      {() => (
        <>
          {stream.parent === null && (
            <div class="btns">
              <Action
                {...setCommand(
                  stream,
                  path,
                  items.find(({ isCurrent }) => isCurrent),
                )}
              />
              {reset !== undefined && <Action {...reset} class="danger" />}
            </div>
          )}
          {items.length === 0 ? (
            <Empty icon="history" title="No bookmark yet">
              {stream.replicationKey === null
                ? 'This stream is read whole each time.'
                : 'The first complete read sets it.'}
            </Empty>
          ) : (
            <StatesTable items={items} stream={stream} path={path} />
          )}
          <Earlier {...pages} />
        </>
      )}
    </Part>
  );
}

function StatesTable({ items, stream, path }: { items: StoredState[]; stream: Stream; path: string }) {
  return (
    <section class="card" aria-labelledby="states">
      <header>
        <h2 id="states">Bookmarks</h2>
        <span class="small muted">newest first</span>
      </header>
      <RowsTable headings={['Set', 'By', 'Value', ACTIONS]} isStacked>
        {items.map((state, index) => (
          <tr key={state.id}>
            <td class="nowrap">
              <Time at={state.appliedAt} as="when" />
            </td>
            <td class="soft nowrap">
              {state.runId === null ? state.setBy : <a href={`/runs/${state.runId}`}>a run</a>}
            </td>
            <td class="mono anywhere value whole">
              <Difference value={state.value} before={items[index + 1]?.value} />
            </td>
            <td class="r">
              {state.isCurrent ? <span class="strong">current</span> : <Action {...goBack(state, stream, path)} />}
            </td>
          </tr>
        ))}
      </RowsTable>
    </section>
  );
}

/** What differs from the bookmark before stands out. */
function Difference({ value, before }: { value: string; before: string | undefined }) {
  if (before === undefined || before === value) return <>{value}</>;
  let start = 0;
  while (start < value.length && value[start] === before[start]) start += 1;
  let end = 0;
  while (end < value.length - start && value.at(-1 - end) === before.at(-1 - end)) end += 1;
  return (
    <>
      <span class="muted">{value.slice(0, start)}</span>
      {value.slice(start, value.length - end)}
      <span class="muted">{value.slice(value.length - end)}</span>
    </>
  );
}

function goBack(state: StoredState, { connection, stream }: Stream, path: string): Command {
  return {
    label: 'Go back to this…',
    question: () => ({
      title: `Go back to this bookmark of ${connection}.${stream}?`,
      label: 'Go back',
      body: <p class="mono anywhere">{state.value}</p>,
    }),
    run: async () => (await send<StreamChange>('PUT', `${path}/state`, { stateId: state.id })).message,
  };
}

function setCommand({ connection, stream }: Stream, path: string, current: StoredState | undefined): Command {
  return {
    label: 'Set…',
    icon: 'history',
    question: () => ({
      title: `Set the bookmark of ${connection}.${stream}`,
      label: 'Set it',
      body: <p>The next read goes on from here. What lies before it is not read again; what lies after it is.</p>,
      input: { label: 'State, as JSON', initial: current?.value ?? '' },
    }),
    run: async (entered) => (await sendText<StreamChange>('PUT', `${path}/state`, entered)).message,
  };
}
