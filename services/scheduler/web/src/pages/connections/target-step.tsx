import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { read, send } from '../../api.ts';
import { FailureText } from '../../parts/action.tsx';
import { Icon } from '../../parts/icon.tsx';
import { invalidate } from '../../queries.ts';
import type { Connection, Page, Run, Source } from '../../schema.ts';
import { changeDraft, type Draft, draft } from './draft.ts';
import { patternsOf } from './selection.ts';
import { settingsOf } from './setting-fields.tsx';
import { TimingField } from './timing-field.tsx';

const POLL_MS = 500;
/** The first run may have to wait for a cycle to end; then the first page shows it. */
const FIRST_RUN_WAIT_MS = 20_000;

export function TargetStep({ source }: { source: Source }) {
  const { route } = useLocation();
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const isMade = useRef(false);
  // Not before: without a draft the page would go back to its first step while the run's page is fetched.
  useEffect(
    () => () => {
      if (isMade.current) draft.value = undefined;
    },
    [],
  );
  const current = draft.value;
  if (current === undefined) return null;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const connection = await create(source, current);
      invalidate(['/api/connections', '/api/pipelines', '/api/now']);
      const path = await firstRun(connection);
      isMade.current = true;
      route(path);
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error('it failed'));
      setBusy(false);
    }
  };
  return (
    <section class="card" aria-labelledby="target">
      <header>
        <h2 id="target">Where and when</h2>
      </header>
      <form class="pad stack gap3 narrow" onSubmit={(event) => void submit(event)}>
        <label class="field">
          Name of the connection
          <span class="input">
            <input
              value={current.name}
              required
              pattern="[a-z][a-z0-9_]{0,30}"
              title="Lower-case letters, digits and _, beginning with a letter"
              autocomplete="off"
              spellcheck={false}
              onInput={({ currentTarget: { value } }) =>
                changeDraft({ name: value, ...(current.targetSchema === current.name ? { targetSchema: value } : {}) })
              }
            />
          </span>
        </label>
        <label class="field">
          Schema of PostgreSQL for its tables
          <span class="input">
            <input
              value={current.targetSchema}
              required
              pattern="[a-z_][a-z0-9_]{0,62}"
              title="Lower-case letters, digits and _"
              autocomplete="off"
              spellcheck={false}
              onInput={({ currentTarget: { value } }) => changeDraft({ targetSchema: value })}
            />
          </span>
        </label>
        <TimingField timing={current.timing} change={(timing) => changeDraft({ timing })} />
        {error !== undefined && <FailureText error={error} />}
        <div class="btns">
          <a class="btn" href="/connections/new/streams">
            Back
          </a>
          <button class="btn primary" type="submit" disabled={isBusy}>
            {isBusy && <Icon name="loader-circle" class="spin" />}
            {isBusy ? 'Starting the first run…' : 'Save and run'}
          </button>
        </div>
      </form>
    </section>
  );
}

function create(
  source: Source,
  { name, targetSchema, timing, values, consentId, selected }: Draft,
): Promise<Connection> {
  return send<Connection>('POST', '/api/connections', {
    name,
    source: source.source,
    targetSchema,
    settings: settingsOf(source.settings, values, false),
    secrets: settingsOf(source.settings, values, true),
    selection: { select: selected === undefined ? null : patternsOf(selected) },
    schedule: { timing },
    ...(consentId === undefined ? {} : { consentId }),
  });
}

/** Asks for the first run and returns its address as soon as it has begun. */
async function firstRun({ pipeline }: Connection): Promise<string> {
  await send('POST', `/api/pipelines/${pipeline}/runs`, {});
  const deadline = Date.now() + FIRST_RUN_WAIT_MS;
  while (Date.now() < deadline) {
    const { items } = await read<Page<Pick<Run, 'id'>>>(`/api/runs?pipeline=${pipeline}&limit=1`);
    if (items[0] !== undefined) return `/runs/${items[0].id}`;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return '/';
}
