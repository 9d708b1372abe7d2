import { formatNumber } from '@pipeline/protocol/format';
import { Icon } from '../../parts/icon.tsx';
import { Prose } from '../../parts/prose.tsx';
import { Time } from '../../parts/time.tsx';
import type { Check } from '../../schema.ts';

/** What the account lets us do: its name, each scope and each stream with yes or no and why. */
export function CheckResult({ check }: { check: Check }) {
  // The source has not told yet what is left of the others.
  const limits = check.limits.filter(({ left }) => left !== null);
  return (
    <section class="card" aria-labelledby="check">
      <header>
        <h2 id="check" class="anywhere">
          {check.account === null ? 'Access' : check.account.name}
        </h2>
        {check.account !== null && <span class="mono small muted anywhere">{check.account.id}</span>}
        <span class="end">
          <Time at={check.checkedAt} as="when" />
        </span>
      </header>
      {check.message !== null && (
        <p class="note flat">
          <Icon name={check.isOk ? 'triangle-alert' : 'octagon-x'} class={check.isOk ? 'warn' : 'fail'} />
          <span class="anywhere">
            <Prose text={`${check.message} ${check.remedy ?? ''}`} /> {check.code !== null && <code>{check.code}</code>}
          </span>
        </p>
      )}
      {check.scopes.length > 0 && (
        <div class="pad stack gap3">
          <h3 class="muted">Scopes</h3>
          <ul class="ticks">
            {check.scopes.map(({ name, isGranted }) => (
              <li key={name}>
                <YesNo isYes={isGranted} />
                <code class="anywhere">{name}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
      {check.streams.length > 0 && (
        <div class="pad stack gap3">
          <h3 class="muted">Streams</h3>
          <ul class="ticks">
            {check.streams.map(({ stream, isReadable, reason, rows }) => (
              <li key={stream}>
                <YesNo isYes={isReadable} />
                <span class="anywhere">
                  {stream}{' '}
                  <span class="muted">{isReadable ? (rows === null ? '' : `${formatNumber(rows)} rows`) : reason}</span>
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {(limits.length > 0 || check.tokenEndsAt !== null) && (
        <dl class="facts pad">
          {limits.map(({ name, left, of, resetsAt }) => (
            <Limit key={name} name={name} left={left} of={of} resetsAt={resetsAt} />
          ))}
          {check.tokenEndsAt !== null && (
            <>
              <dt>Access ends</dt>
              <dd>
                <Time at={check.tokenEndsAt} as="when" />
              </dd>
            </>
          )}
        </dl>
      )}
    </section>
  );
}

function YesNo({ isYes }: { isYes: boolean }) {
  return (
    <>
      <Icon name={isYes ? 'circle-check' : 'octagon-x'} class={isYes ? 'ok' : 'fail'} />
      <span class="vh">{isYes ? 'yes' : 'no'}</span>
    </>
  );
}

const LIMITS: Record<string, string> = {
  minute: 'A minute',
  day: 'A day',
  daily: 'A day',
  'app-minute': 'All apps, a minute',
};

const NEARLY_USED = 0.2;

function Limit({ name, left, of, resetsAt }: Check['limits'][number]) {
  return (
    <>
      <dt>{LIMITS[name] ?? name}</dt>
      <dd>
        {`${formatNumber(left)}${of === null ? '' : ` of ${formatNumber(of)}`} requests left`}
        {resetsAt !== null && (
          <span class="muted">
            {' '}
            until <Time at={resetsAt} as="when" />
          </span>
        )}
        {left !== null && of !== null && (
          <progress
            class={left < of * NEARLY_USED ? 'is-warn' : 'is-ok'}
            max={of}
            value={of - left}
            aria-label={`${name}: requests used`}
          />
        )}
      </dd>
    </>
  );
}
