import { useLocation } from 'preact-iso';
import { CopyButton } from '../../parts/copy.tsx';
import { Prose } from '../../parts/prose.tsx';
import type { Source } from '../../schema.ts';
import { Consent } from './consent.tsx';
import { changeDraft, draft } from './draft.ts';
import { SettingFields } from './setting-fields.tsx';

/** How to get in: a token that is pasted, or the consent page of the source. */
export function AccessStep({ source }: { source: Source }) {
  const { route } = useLocation();
  const values = draft.value?.values ?? {};
  // What an earlier look at it said is about other credentials.
  const next = (consentId: string | undefined) => {
    changeDraft({ consentId, check: undefined, selected: undefined });
    route('/connections/new/check');
  };
  const scopes = scopesOf(source);
  return (
    <div class="half">
      {source.consent !== null && <Consent source={source} granted={next} />}
      <section class="card" aria-labelledby="token-way">
        <header>
          <h2 id="token-way">{source.consent === null ? 'Access' : 'Or with a token of your own'}</h2>
        </header>
        <form
          class="pad stack gap3"
          onSubmit={(event) => {
            event.preventDefault();
            next(undefined);
          }}
        >
          {source.tokenHelp !== null && (
            <p class="soft">
              <Prose text={source.tokenHelp} />
            </p>
          )}
          {scopes.length > 0 && (
            <>
              <h3 class="muted">Scopes to tick</h3>
              <pre class="code">{scopes.join('\n')}</pre>
              <div class="btns">
                <CopyButton label="Copy the scopes" text={() => scopes.join(' ')} />
              </div>
            </>
          )}
          <SettingFields
            fields={source.settings}
            values={values}
            change={(name, value) => changeDraft({ values: { ...values, [name]: value } })}
          />
          <div class="btns">
            <a class="btn" href="/connections/new">
              Back
            </a>
            <button class="btn primary" type="submit">
              Check
            </button>
          </div>
        </form>
      </section>
    </div>
  );
}

/** Names to tick, each once. `a|b` says that either will do: the first, which is the narrower. */
function scopesOf({ streams }: Source): string[] {
  const names = streams.flatMap(({ scopes }) => scopes.map((scope) => scope.split('|')[0] ?? scope));
  return [...new Set(names)].filter((name) => !name.includes(' '));
}
