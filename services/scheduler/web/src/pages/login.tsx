import { useEffect, useState } from 'preact/hooks';
import { ApiFailure, send } from '../api.ts';
import { Icon } from '../parts/icon.tsx';
import { useTitle } from '../parts/page-head.tsx';
import { Prose } from '../parts/prose.tsx';
import type { LoginResponse } from '../schema.ts';

/** Where the person wanted to go. Never another site: `//host` and `/\host` are addresses of one. */
function nextPath(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/';
}

/** A link from another site brings no `SameSite=Strict` cookie, so the server took the person for a stranger. This request brings it. */
async function skipWhenLoggedIn(): Promise<void> {
  if (new URLSearchParams(location.search).has('ended')) return;
  const response = await fetch(nextPath(), { redirect: 'manual' }).catch(() => undefined);
  if (response?.type === 'basic' && response.ok) location.replace(nextPath());
}

export function LoginPage() {
  const [error, setError] = useState<ApiFailure>();
  const [isBusy, setBusy] = useState(false);
  useTitle('Log in');
  useEffect(() => document.getElementById('token')?.focus(), []);
  useEffect(() => void skipWhenLoggedIn(), []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    setBusy(true);
    setError(undefined);
    try {
      const token = String(new FormData(form).get('token') ?? '').trim();
      await send<LoginResponse>('POST', '/api/login', { token });
      // A page of its own: nothing of another person stays in memory.
      location.assign(nextPath());
    } catch (failure) {
      setError(failure instanceof ApiFailure ? failure : new ApiFailure(0, { message: String(failure) }));
      setBusy(false);
    }
  };
  return (
    <main class="login">
      <span class="brand">
        <Icon name="mark" />
        pipeline
      </span>
      <form class="card" method="post" onSubmit={(event) => void submit(event)}>
        {/* For password managers, which keep a name with each password. */}
        <input
          class="vh"
          name="username"
          value="token"
          autocomplete="username"
          tabIndex={-1}
          aria-hidden="true"
          readOnly
        />
        <div>
          <h1>Log in</h1>
          <p class="soft">With the access token that was printed at the first start.</p>
        </div>
        <label class="field">
          Access token
          <span class="input">
            <input
              id="token"
              type="password"
              name="token"
              autocomplete="current-password"
              autocapitalize="off"
              spellcheck={false}
              required
              aria-describedby={error === undefined ? undefined : 'refusal'}
            />
          </span>
        </label>
        {error !== undefined && (
          <p class="note" id="refusal" role="alert">
            <Icon name="octagon-x" class="fail" />
            <span>
              <Prose text={`${error.message} ${error.remedy}`} />
            </span>
          </p>
        )}
        <button class="btn primary" type="submit" disabled={isBusy}>
          {isBusy && <Icon name="loader-circle" class="spin" />}
          Log in
        </button>
      </form>
      <details class="soft small">
        <summary>Where is the token?</summary>
        <p class="pad0">
          In what the first start printed, and in the log of the scheduler. A new one is made on the machine itself:
        </p>
        <pre class="code" tabIndex={0}>
          {'./pipeline token create --role admin\ndocker compose exec scheduler ./pipeline token create --role admin'}
        </pre>
      </details>
    </main>
  );
}
