import { useEffect, useState } from 'preact/hooks';
import { read, send } from '../../api.ts';
import { FailureText } from '../../parts/action.tsx';
import { CopyButton } from '../../parts/copy.tsx';
import { Icon } from '../../parts/icon.tsx';
import { StateStatus, Status } from '../../parts/status.tsx';
import type { ConsentStarted, ConsentState, Source } from '../../schema.ts';

const POLL_MS = 1_000;

/** Goes to the source's consent page in a tab of its own and waits here for what comes back. */
export function Consent({ source, granted }: { source: Source; granted: (consentId: string) => void }) {
  const [clientId, setClientId] = useState('');
  const [clientSecret, setClientSecret] = useState('');
  const [started, setStarted] = useState<ConsentStarted>();
  const [error, setError] = useState<Error>();
  const state = useConsentState(started, granted);
  const begin = async () => {
    setError(undefined);
    // Opened at the press itself: later, the browser would hold it for an advertisement.
    const tab = open('', '_blank');
    try {
      const begun = await send<ConsentStarted>('POST', '/api/consents', {
        source: source.source,
        ...(clientId === '' ? {} : { clientId }),
        ...(clientSecret === '' ? {} : { clientSecret }),
      });
      setStarted(begun);
      if (tab !== null) {
        tab.opener = null;
        tab.location.href = begun.url;
      }
    } catch (failure) {
      tab?.close();
      setError(failure instanceof Error ? failure : new Error('it failed'));
    }
  };
  const redirectUri = started?.redirectUri ?? `${location.origin}/api/consents/callback`;
  return (
    <section class="card" aria-labelledby="consent-way">
      <header>
        <h2 id="consent-way">Connect with {source.label}</h2>
      </header>
      <div class="pad stack gap3">
        <p class="soft">
          {source.label} asks you in a tab of its own whether this may read the account; then this page goes on by
          itself.
        </p>
        <details>
          <summary class="small">The app that asks</summary>
          <div class="stack gap3 pad0">
            <p class="small soft">
              Make one at {source.label} with this redirect address, or leave the fields empty where the variables of
              the default connection have one.
            </p>
            <div class="btns">
              <code class="anywhere">{redirectUri}</code>
              <CopyButton isIcon label="Copy the redirect address" text={() => redirectUri} />
            </div>
            <label class="field">
              Client ID
              <span class="input">
                <input
                  value={clientId}
                  autocomplete="off"
                  spellcheck={false}
                  onInput={(event) => setClientId(event.currentTarget.value)}
                />
              </span>
            </label>
            <label class="field">
              Client secret
              <span class="input">
                <input
                  type="password"
                  value={clientSecret}
                  autocomplete="off"
                  onInput={(event) => setClientSecret(event.currentTarget.value)}
                />
              </span>
            </label>
          </div>
        </details>
        <div class="btns">
          <button class="btn primary" type="button" onClick={() => void begin()}>
            <Icon name="external-link" />
            Connect with {source.label}
          </button>
          {state?.state === 'waiting' && <StateStatus state="waiting">waiting for the other tab</StateStatus>}
          {(state?.state === 'refused' || state?.state === 'expired') && (
            <Status tone="fail">{state.message ?? state.state}</Status>
          )}
          {error !== undefined && <FailureText error={error} />}
        </div>
        {state?.state === 'waiting' && started !== undefined && (
          <p class="small muted">
            No tab?{' '}
            <a class="link" href={started.url} target="_blank" rel="noreferrer">
              Open the consent page
            </a>
          </p>
        )}
      </div>
    </section>
  );
}

/** Asks until the consent is given, refused or too old. */
function useConsentState(
  started: ConsentStarted | undefined,
  granted: (consentId: string) => void,
): ConsentState | undefined {
  const [state, setState] = useState<ConsentState>();
  useEffect(() => {
    if (started === undefined) return;
    setState({ id: started.id, state: 'waiting', message: null });
    const timer = setInterval(() => {
      read<ConsentState>(`/api/consents/${started.id}`).then(
        (found) => {
          setState(found);
          if (found.state !== 'waiting') clearInterval(timer);
          if (found.state === 'granted') granted(started.id);
        },
        // Asked again: the connection may be back by then.
        () => {},
      );
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [started]);
  return state;
}
