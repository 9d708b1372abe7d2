import { useState } from 'preact/hooks';
import { send } from '../../api.ts';
import { FailureText } from '../../parts/action.tsx';
import { Modal } from '../../parts/dialog.tsx';
import type { CreatedToken } from '../../schema.ts';

const ROLES = [
  { value: 'viewer', label: 'viewer: sees everything but values of records' },
  { value: 'operator', label: 'operator: may run, cancel, refresh, retry' },
  { value: 'admin', label: 'admin: may do everything' },
];

export function NewToken({ close, done }: { close: () => void; done: (token: CreatedToken) => void }) {
  const [error, setError] = useState<Error>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    const days = String(form.get('days') ?? '');
    try {
      done(
        await send<CreatedToken>('POST', '/api/tokens', {
          name: form.get('name'),
          role: form.get('role'),
          days: days === '' ? null : Number(days),
        }),
      );
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error('it failed'));
    }
  };
  return (
    <Modal title="New token" close={close}>
      <form onSubmit={(event) => void submit(event)}>
        <div class="pad">
          <h2>New token</h2>
          <label class="field">
            Name, such as who or what uses it
            <span class="input">
              <input name="name" required maxLength={80} autofocus autocomplete="off" />
            </span>
          </label>
          <label class="field">
            Role
            <select name="role" class="select">
              {ROLES.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            Days until it ends; empty: it does not
            <span class="input">
              <input name="days" type="number" min="1" max="3650" />
            </span>
          </label>
          {error !== undefined && <FailureText error={error} />}
        </div>
        <footer>
          <button class="btn" type="button" onClick={close}>
            Cancel
          </button>
          <button class="btn primary" type="submit">
            Make it
          </button>
        </footer>
      </form>
    </Modal>
  );
}
