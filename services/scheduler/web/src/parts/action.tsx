import { formatTime } from '@pipeline/protocol/format';
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiFailure, me } from '../api.ts';
import { now, zone } from '../clock.ts';
import { connection } from '../live.ts';
import type { Role } from '../schema.ts';
import { ask, type Question } from './dialog.tsx';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-names.ts';
import { Status } from './status.tsx';

const BUSY_AFTER_MS = 150;
const RANKS: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Whether the person may do what needs this role. Buttons one may not use are absent, not grey. */
export function may(role: Role): boolean {
  const own = me.value?.role;
  return own !== undefined && RANKS[own] >= RANKS[role];
}

export interface Command {
  label: string;
  icon?: IconName;
  /** The least role that may. @default operator */
  needs?: Role;
  /** Does it, with what the question asked for. Resolves to what it did: `starts with the next cycle`. */
  run: (entered: string) => Promise<string>;
  /** Asked first: for what has a cost or cannot be taken back. */
  question?: () => Question;
  /** What takes it back again. */
  undo?: () => Promise<string>;
}

interface Outcome {
  /** Undefined: it went well. */
  error?: ApiFailure | Error;
  at: number;
  text: string;
  undo?: (() => Promise<string>) | undefined;
}

/** Asks, does it and tells how it went; undefined when it was taken back. */
async function perform(
  { run, question, undo }: Command,
  busy: (isBusy: boolean) => void,
): Promise<Outcome | undefined> {
  const entered = question === undefined ? '' : await ask(question());
  if (entered === undefined) return undefined;
  const timer = setTimeout(() => busy(true), BUSY_AFTER_MS);
  try {
    const text = await run(entered);
    return { at: now.peek(), text, undo };
  } catch (error) {
    return { at: now.peek(), text: '', error: error instanceof Error ? error : new Error('it failed') };
  } finally {
    clearTimeout(timer);
    busy(false);
  }
}

/** A button that says beside itself what it did. */
export function Action({
  class: classes = '',
  children,
  ...command
}: Command & { class?: string; children?: ComponentChildren }) {
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const isPressed = useRef(false);
  if (!may(command.needs ?? 'operator')) return null;
  const press = async () => {
    if (isPressed.current) return;
    isPressed.current = true;
    setOutcome(await perform(command, setBusy));
    isPressed.current = false;
  };
  return (
    <>
      <button
        class={`btn ${classes}`}
        type="button"
        disabled={isBusy || connection.value.state === 'lost'}
        onClick={() => void press()}
      >
        {isBusy ? (
          <Icon name="loader-circle" class="spin" />
        ) : (
          command.icon !== undefined && <Icon name={command.icon} />
        )}
        {children ?? (isBusy ? 'Asking…' : command.label)}
      </button>
      {outcome !== undefined && <OutcomeText {...outcome} />}
    </>
  );
}

/** What a command of a menu did: the menu is gone by then. */
const lastOutcome = signal<Outcome | undefined>(undefined);

/** Does a command of a menu; what came out appears at the foot of the page. */
export async function performFromMenu(command: Command): Promise<void> {
  const outcome = await perform(command, () => {});
  if (outcome !== undefined) lastOutcome.value = outcome;
}

const OUTCOME_SHOWN_MS = 12_000;

/** The foot of the page. A refusal stays until it is closed. */
export function MenuOutcome() {
  const outcome = lastOutcome.value;
  useEffect(() => {
    if (outcome === undefined || outcome.error !== undefined) return;
    const timer = setTimeout(() => {
      lastOutcome.value = undefined;
    }, OUTCOME_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  if (outcome === undefined) return null;
  return (
    <div class="outcome">
      <OutcomeText {...outcome} />
      <button class="btn ghost icon" type="button" aria-label="Close" onClick={() => (lastOutcome.value = undefined)}>
        <Icon name="x" />
      </button>
    </div>
  );
}

function OutcomeText({ error, at, text, undo }: Outcome) {
  const [undone, setUndone] = useState<string>();
  if (error !== undefined) return <FailureText error={error} />;
  return (
    <span class="did" role="status">
      <Status tone="ok" icon="check">
        <span class="wrap">
          {undone ?? `Asked for at ${formatTime(at, zone.value)}${text === '' ? '' : `: ${text}`}`}
        </span>
      </Status>
      {undo !== undefined && undone === undefined && (
        <button
          class="link small"
          type="button"
          onClick={() => void undo().then(setUndone, (failure: Error) => setUndone(failure.message))}
        >
          Undo
        </button>
      )}
    </span>
  );
}

/** A refusal of the server: what happened and what to do. */
export function FailureText({ error }: { error: Error }) {
  return (
    <span class="did" role="alert">
      <Status tone="fail">
        <span class="wrap">
          {error.message}
          {error instanceof ApiFailure && error.remedy !== '' && (
            <span class="soft"> {capitalisedSentence(error.remedy)}</span>
          )}
          {error instanceof ApiFailure &&
            error.fields.map(({ path, message }) => (
              <span class="soft" key={path}>
                {' '}
                {path}: {message}.
              </span>
            ))}
        </span>
      </Status>
    </span>
  );
}

const capitalisedSentence = (text: string) =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
