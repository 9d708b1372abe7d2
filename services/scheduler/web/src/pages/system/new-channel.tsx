import { useState } from 'preact/hooks';
import { send } from '../../api.ts';
import { FailureText } from '../../parts/action.tsx';
import { Modal } from '../../parts/dialog.tsx';

const KINDS = [
  { value: 'webhook', label: 'Webhook', target: 'Address that takes a POST with JSON' },
  { value: 'slack', label: 'Slack', target: 'Address of an incoming webhook of Slack' },
  { value: 'email', label: 'E-mail', target: 'Address of the recipient' },
];

export function NewChannel({ close, done }: { close: () => void; done: () => void }) {
  const [kind, setKind] = useState('webhook');
  const [error, setError] = useState<Error>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    try {
      await send('POST', '/api/alert-channels', { name: form.get('name'), kind, target: form.get('target') });
      done();
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error('it failed'));
    }
  };
  return (
    <Modal title="New channel" close={close}>
      <form onSubmit={(event) => void submit(event)}>
        <div class="pad">
          <h2>New channel</h2>
          <label class="field">
            Name
            <span class="input">
              <input name="name" required maxLength={80} autofocus autocomplete="off" />
            </span>
          </label>
          <label class="field">
            Kind
            <select class="select" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
              {KINDS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            {KINDS.find(({ value }) => value === kind)?.target}
            <span class="input">
              <input name="target" required maxLength={2000} autocomplete="off" spellcheck={false} />
            </span>
          </label>
          {error !== undefined && <FailureText error={error} />}
        </div>
        <footer>
          <button class="btn" type="button" onClick={close}>
            Cancel
          </button>
          <button class="btn primary" type="submit">
            Add
          </button>
        </footer>
      </form>
    </Modal>
  );
}
