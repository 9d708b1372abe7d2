import { useId, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { send } from '../api.ts';
import { type Command, may, performFromMenu } from '../parts/action.tsx';
import { Modal } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-names.ts';
import { streamCommands } from '../parts/stream-commands.tsx';
import { useResource } from '../queries.ts';
import type { Graph, Page, Requested, StreamItem } from '../schema.ts';
import { PAGE_KEYS } from './nav.tsx';

const SHOWN_MAX = 12;

interface Entry {
  label: string;
  icon: IconName;
  href?: string;
  command?: Command;
}

/** Search over pages, streams, models and commands. */
export default function Palette({ close }: { close: () => void }) {
  const { route } = useLocation();
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const id = useId();
  const entries = useEntries();
  const found = useMemo(() => search(entries, text).slice(0, SHOWN_MAX), [entries, text]);
  const open = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    close();
    if (entry.href !== undefined) route(entry.href);
    else if (entry.command !== undefined) void performFromMenu(entry.command);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setIndex((index + step + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(found[index]);
    }
  };
  return (
    <Modal title="Search" close={close} class="palette">
      <div class="pad stack gap3">
        <label class="input">
          <Icon name="search" />
          <input
            autofocus
            aria-label="Search"
            role="combobox"
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={found.length === 0 ? undefined : `${id}-${index}`}
            autocomplete="off"
            spellcheck={false}
            placeholder="Page, table, model or command"
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setIndex(0);
            }}
            onKeyDown={press}
          />
        </label>
        <div id={id} class="nav found" role="listbox" aria-label="Found">
          {found.map((entry, position) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the field above keeps the focus
            <div
              key={entry.label}
              id={`${id}-${position}`}
              role="option"
              aria-selected={position === index}
              onClick={() => open(entry)}
            >
              <Icon name={entry.icon} />
              <span class="cut">{entry.label}</span>
              {position === index && <kbd>Enter</kbd>}
            </div>
          ))}
        </div>
        {found.length === 0 && <p class="muted small">Nothing is called “{text}”.</p>}
      </div>
    </Modal>
  );
}

function useEntries(): Entry[] {
  const streams = useResource<Page<StreamItem>>('/api/streams').data;
  const graph = useResource<Graph>('/api/dbt/graph').data;
  return useMemo(
    () => [
      ...[...PAGE_KEYS.values()].map(({ label, href, icon }) => ({ label, href, icon })),
      ...(streams?.items ?? []).map(
        (item): Entry => ({
          label: `${item.connection}.${item.stream}`,
          icon: 'table-2',
          href: `/streams/${item.connection}/${item.stream}`,
        }),
      ),
      ...(graph?.nodes ?? [])
        .filter(({ kind }) => kind === 'model')
        .map(
          (node): Entry => ({
            label: node.name,
            icon: 'waypoints',
            href: `/models?node=${encodeURIComponent(node.id)}`,
          }),
        ),
      ...commands(streams?.items ?? []),
    ],
    [streams, graph],
  );
}

function commands(streams: StreamItem[]): Entry[] {
  const everywhere: Command[] = [
    {
      label: 'Run everything now',
      icon: 'play',
      run: async () => (await send<Requested>('POST', '/api/cycles', {})).message,
    },
  ];
  const all = [
    ...everywhere,
    ...streams.filter(({ parent }) => parent === null).flatMap((item) => streamCommands(item, true)),
  ];
  return all
    .filter(({ needs }) => may(needs ?? 'operator'))
    .map((command) => ({ label: command.label, icon: command.icon ?? 'play', command }));
}

/** Every word somewhere in the label; what begins with the text comes first. */
function search(entries: Entry[], text: string): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const begins = (label: string) => (words[0] !== undefined && label.startsWith(words[0]) ? 0 : 1);
  return entries
    .map((entry) => ({ entry, label: entry.label.toLowerCase() }))
    .filter(({ label }) => words.every((word) => label.includes(word)))
    .toSorted((a, b) => begins(a.label) - begins(b.label))
    .map(({ entry }) => entry);
}
