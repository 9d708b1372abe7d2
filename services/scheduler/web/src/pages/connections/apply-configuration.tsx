import { formatCount } from '@pipeline/protocol/format';
import { useState } from 'preact/hooks';
import { send } from '../../api.ts';
import { FailureText, may } from '../../parts/action.tsx';
import { Modal } from '../../parts/dialog.tsx';
import { invalidate } from '../../queries.ts';
import type { ApplyResponse, ConfigurationChange } from '../../schema.ts';

const KINDS = { setting: 'Setting', connection: 'Connection', 'alert-channel': 'Alert channel' };
const VERBS = { create: 'is made', change: 'changes', remove: 'is removed' };

/** Configuration as code: shows what a file would change, then changes it. */
export function ApplyButton() {
  const [isOpen, open] = useState(false);
  if (!may('admin')) return null;
  return (
    <>
      <button class="btn" type="button" onClick={() => open(true)}>
        Apply…
      </button>
      {isOpen && <ApplyDialog close={() => open(false)} />}
    </>
  );
}

function ApplyDialog({ close }: { close: () => void }) {
  const [yaml, setYaml] = useState('');
  const [prune, setPrune] = useState(false);
  const [shown, show] = useState<ApplyResponse>();
  const [error, setError] = useState<Error>();
  const ask = (confirm: boolean) =>
    void send<ApplyResponse>('POST', '/api/configuration', { yaml, prune, confirm }).then((response) => {
      setError(undefined);
      show(response);
      if (response.isApplied) invalidate(['/api/']);
    }, setError);
  const edit = (text: string) => {
    setYaml(text);
    show(undefined);
  };
  const isReady = shown !== undefined && !shown.isApplied && shown.changes.length > 0;
  return (
    <Modal title="Apply a configuration" close={close} class="broad">
      <div class="pad stack gap3">
        <h2>Apply a configuration</h2>
        <label class="field">
          YAML, as Export writes it
          <span>
            <textarea
              class="textarea"
              rows={10}
              spellcheck={false}
              value={yaml}
              onInput={(event) => edit(event.currentTarget.value)}
            />
          </span>
        </label>
        <label class="field">
          Or a file
          <input
            type="file"
            accept=".yml,.yaml"
            onChange={(event) => void event.currentTarget.files?.[0]?.text().then(edit)}
          />
        </label>
        <label>
          <input
            type="checkbox"
            checked={prune}
            onChange={(event) => {
              setPrune(event.currentTarget.checked);
              show(undefined);
            }}
          />{' '}
          remove what it leaves out
        </label>
        {error !== undefined && <FailureText error={error} />}
        {shown !== undefined && <Changes {...shown} />}
      </div>
      <footer>
        <button class="btn" type="button" onClick={close}>
          Close
        </button>
        <button class="btn" type="button" disabled={yaml.trim() === ''} onClick={() => ask(false)}>
          Show what changes
        </button>
        <button class="btn primary" type="button" disabled={!isReady} onClick={() => ask(true)}>
          Apply
        </button>
      </footer>
    </Modal>
  );
}

function Changes({ changes, isApplied }: ApplyResponse) {
  if (changes.length === 0) return <p role="status">Nothing to change.</p>;
  return (
    <div role="status" class="stack gap3">
      <p>
        {formatCount(changes.length, 'change')} {isApplied ? 'made' : 'would be made'}:
      </p>
      <ul class="stack">
        {changes.map((change) => (
          <Change key={`${change.kind} ${change.name}`} change={change} />
        ))}
      </ul>
    </div>
  );
}

function Change({ change: { kind, name, action, fields } }: { change: ConfigurationChange }) {
  return (
    <li class="anywhere">
      {KINDS[kind]} <b class="strong">{name}</b> {VERBS[action]}
      {fields.map(({ path, from, to }) => (
        <div class="mono small soft" key={path}>
          {path}: {JSON.stringify(from)} → {JSON.stringify(to)}
        </div>
      ))}
    </li>
  );
}
