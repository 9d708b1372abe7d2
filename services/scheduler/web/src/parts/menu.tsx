import { useId, useRef } from 'preact/hooks';
import { connection } from '../live.ts';
import { type Command, may, performFromMenu } from './action.tsx';
import { Icon } from './icon.tsx';

const GAP_PX = 4;

/** The commands of a row behind one button. */
export function Menu({ label, commands }: { label: string; commands: Command[] }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const allowed = commands.filter(({ needs }) => may(needs ?? 'operator'));
  if (allowed.length === 0) return null;
  const place = (event: Event & { newState?: string }) => {
    if (event.newState !== 'open' || button.current === null || list.current === null) return;
    const { right, bottom, top } = button.current.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = list.current;
    const isAbove = bottom + GAP_PX + offsetHeight > innerHeight && top > offsetHeight;
    list.current.style.left = `${Math.max(GAP_PX, right - offsetWidth)}px`;
    list.current.style.top = `${isAbove ? top - GAP_PX - offsetHeight : bottom + GAP_PX}px`;
    list.current.querySelector('button')?.focus();
  };
  return (
    <>
      <button
        ref={button}
        class="btn ghost icon"
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        popovertarget={id}
      >
        <Icon name="ellipsis" />
      </button>
      <ul ref={list} id={id} class="menu" role="menu" popover="auto" onToggle={place} onKeyDown={moveByArrow}>
        {allowed.map((command) => (
          <li key={command.label} role="none">
            <button
              type="button"
              role="menuitem"
              disabled={connection.value.state === 'lost'}
              onClick={() => {
                list.current?.hidePopover();
                button.current?.focus();
                void performFromMenu(command);
              }}
            >
              {command.icon !== undefined && <Icon name={command.icon} />}
              {command.label}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Arrows go through the items and round. */
function moveByArrow(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll('button')];
  const index = items.findIndex((item) => item.matches(':focus'));
  items[(index + step + items.length) % items.length]?.focus();
}
