import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { read, send } from '../../api.ts';
import { FailureText } from '../../parts/action.tsx';
import { StateStatus } from '../../parts/status.tsx';
import type { Check, CheckProgress, CheckRequested, Source } from '../../schema.ts';
import { CheckResult } from './check-result.tsx';
import { changeDraft, type Draft, draft } from './draft.ts';
import { settingsOf } from './setting-fields.tsx';

const POLL_MS = 500;
const WAIT_MS = 60_000;

/** Has the tap look at the account before anything is saved. */
export function CheckStep({ source }: { source: Source }) {
  const { route } = useLocation();
  const [error, setError] = useState<Error>();
  const [tries, setTries] = useState(0);
  const check = draft.value?.check;
  useEffect(() => {
    const current = draft.peek();
    if (current === undefined || current.check !== undefined) return;
    const stop = new AbortController();
    setError(undefined);
    look(source, current, stop.signal).then(
      (found) => changeDraft({ check: found }),
      (failure: Error) => !stop.signal.aborted && setError(failure),
    );
    return () => stop.abort();
  }, [source.source, tries]);
  return (
    <>
      {check === undefined ? (
        <section class="card pad btns" aria-live="polite">
          {error === undefined ? (
            <StateStatus state="reading">{`asking ${source.label}`}</StateStatus>
          ) : (
            <FailureText error={error} />
          )}
        </section>
      ) : (
        <CheckResult check={check} />
      )}
      <div class="btns foot-bar">
        <a class="btn" href="/connections/new/access">
          Back
        </a>
        {(check !== undefined || error !== undefined) && (
          <button
            class="btn"
            type="button"
            onClick={() => {
              changeDraft({ check: undefined });
              setTries(tries + 1);
            }}
          >
            Check again
          </button>
        )}
        <button
          class="btn primary"
          type="button"
          disabled={check === undefined || !check.isOk}
          onClick={() => route('/connections/new/streams')}
        >
          Choose streams
        </button>
      </div>
    </>
  );
}

async function look(source: Source, { values, consentId }: Draft, signal: AbortSignal): Promise<Check> {
  const { checkId } = await send<CheckRequested>('POST', '/api/checks', {
    source: source.source,
    settings: settingsOf(source.settings, values, false),
    secrets: settingsOf(source.settings, values, true),
    ...(consentId === undefined ? {} : { consentId }),
  });
  const deadline = Date.now() + WAIT_MS;
  while (Date.now() < deadline) {
    const { check } = await read<CheckProgress>(`/api/checks/${checkId}`, signal);
    if (check !== null) return check;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(
    `tap-${source.source} has not responded within a minute: see System whether it runs, then check again`,
  );
}
