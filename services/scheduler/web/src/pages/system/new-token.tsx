import { send } from '../../api.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import type { CreatedToken } from '../../schema.ts';

const ROLES = [
  { value: 'viewer', label: 'viewer: sees everything but values of records' },
  { value: 'operator', label: 'operator: may run, cancel, refresh, retry' },
  { value: 'admin', label: 'admin: may do everything' },
];

export function NewToken({ close, done }: { close: () => void; done: (token: CreatedToken) => void }) {
  const submit = async (form: FormData) => {
    const days = String(form.get('days') ?? '');
    const wish = { name: form.get('name'), role: form.get('role'), days: days === '' ? null : Number(days) };
    done(await send<CreatedToken>('POST', '/api/tokens', wish));
  };
  return (
    <FormDialog title="New token" label="Make it" close={close} submit={submit}>
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
    </FormDialog>
  );
}
