import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { FailureText } from './action.tsx';
import { Modal } from './dialog.tsx';

/** A form in a dialog. It stays open, with the reason, when `submit` fails.
 *  @param label of the button that sends it */
export function FormDialog({
  title,
  label,
  close,
  submit,
  children,
}: {
  title: string;
  label: string;
  close: () => void;
  submit: (form: FormData) => Promise<void>;
  children: ComponentChildren;
}) {
  const [error, setError] = useState<Error>();
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    try {
      await submit(new FormData(event.currentTarget));
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error('it failed'));
    }
  };
  return (
    <Modal title={title} close={close}>
      <form onSubmit={(event) => void onSubmit(event)}>
        <div class="pad">
          <h2>{title}</h2>
          {children}
          {error !== undefined && <FailureText error={error} />}
        </div>
        <footer>
          <button class="btn" type="button" onClick={close}>
            Cancel
          </button>
          <button class="btn primary" type="submit">
            {label}
          </button>
        </footer>
      </form>
    </Modal>
  );
}
