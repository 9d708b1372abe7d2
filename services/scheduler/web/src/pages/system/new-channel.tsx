import { useState } from 'preact/hooks';
import { send } from '../../api.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';

const KINDS = [
  { value: 'webhook', label: 'Webhook', target: 'Address that takes a POST with JSON' },
  { value: 'slack', label: 'Slack', target: 'Address of an incoming webhook of Slack' },
  { value: 'email', label: 'E-mail', target: 'Address of the recipient' },
];

export function NewChannel({ close, done }: { close: () => void; done: () => void }) {
  const [kind, setKind] = useState('webhook');
  const submit = async (form: FormData) => {
    await send('POST', '/api/alert-channels', { name: form.get('name'), kind, target: form.get('target') });
    done();
  };
  return (
    <FormDialog title="New channel" label="Add" close={close} submit={submit}>
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
    </FormDialog>
  );
}
