import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

export interface Question {
  /** `Refresh xero.invoices?` */
  title: string;
  /** What it costs and what it ends. */
  body: ComponentChildren;
  /** Of the button that does it. */
  label: string;
  isDanger?: boolean;
  /** What is to be typed before it can be done: for what cannot be taken back. */
  expect?: string;
  /** A value to be entered. */
  input?: { label: string; isDate?: boolean; initial?: string; isOptional?: boolean };
}

interface Asked extends Question {
  resolve: (entered: string | undefined) => void;
}

const asked = signal<Asked | undefined>(undefined);

/** Asks before something with a cost. Resolves to what was entered (`''` where nothing is), or undefined when the person took it back. */
export function ask(question: Question): Promise<string | undefined> {
  asked.peek()?.resolve(undefined);
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      resolve: (entered) => {
        asked.value = undefined;
        resolve(entered);
      },
    };
  });
}

/** Where questions appear. Once, in the shell. */
export function Questions() {
  const question = asked.value;
  return question === undefined ? null : <QuestionDialog key={question.title} {...question} />;
}

function QuestionDialog({ title, body, label, isDanger, expect, input, resolve }: Asked) {
  const [typed, type] = useState('');
  const [entered, enter] = useState(input?.initial ?? '');
  const isReady =
    (expect === undefined || typed.trim() === expect) &&
    (input === undefined || input.isOptional === true || entered !== '');
  return (
    <Modal title={title} close={() => resolve(undefined)}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) resolve(entered);
        }}
      >
        <div class="pad">
          <h2 id="question">{title}</h2>
          <div class="stack gap3 soft">{body}</div>
          {input !== undefined && (
            <label class="field">
              {input.label}
              <span class="input">
                {input.isDate ? (
                  <input type="date" value={entered} onInput={(event) => enter(event.currentTarget.value)} />
                ) : (
                  <input value={entered} onInput={(event) => enter(event.currentTarget.value)} />
                )}
              </span>
            </label>
          )}
          {expect !== undefined && (
            <label class="field">
              Type {expect} to confirm
              <span class="input">
                <input
                  value={typed}
                  autocomplete="off"
                  spellcheck={false}
                  onInput={(event) => type(event.currentTarget.value)}
                />
              </span>
            </label>
          )}
        </div>
        <footer>
          {/* The first focus: Enter takes nothing away. */}
          <button class="btn" type="button" autofocus onClick={() => resolve(undefined)}>
            Cancel
          </button>
          <button class={`btn ${isDanger ? 'solid-danger' : 'primary'}`} type="submit" disabled={!isReady}>
            {label}
          </button>
        </footer>
      </form>
    </Modal>
  );
}

interface ModalProps {
  title: string;
  close: () => void;
  children: ComponentChildren;
  class?: string;
}

/** A dialog above everything; the browser keeps the focus in it, closes it by Esc and restores the focus. */
export function Modal({ title, close, children, class: classes }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      class={classes}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      {children}
    </dialog>
  );
}

/** The corner of a dialog that only shows something. */
export function CloseButton({ close }: { close: () => void }) {
  return (
    <button class="btn ghost icon" type="button" aria-label="Close" onClick={close}>
      <Icon name="x" />
    </button>
  );
}
