import { formatCount } from '@pipeline/protocol/format';
import { useState } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import { Prose } from '../../parts/prose.tsx';
import { Time } from '../../parts/time.tsx';
import type { Incident } from '../../schema.ts';

const SHOWN_MAX = 5;

/** What needs a person, worst first, each with its remedy and the button for it. */
export function Incidents({ incidents }: { incidents: Incident[] }) {
  const [isAll, showAll] = useState(false);
  if (incidents.length === 0) return null;
  const shown = isAll ? incidents : incidents.slice(0, SHOWN_MAX);
  const rest = incidents.length - shown.length;
  return (
    <section class="card" aria-label="What needs you">
      <h2 class="vh">What needs you</h2>
      <ul class="todo">
        {shown.map((incident) => (
          <Item key={incident.id} incident={incident} />
        ))}
      </ul>
      {rest > 0 && (
        <div class="pad line">
          <button class="link small" type="button" onClick={() => showAll(true)}>
            {rest} more
          </button>
        </div>
      )}
    </section>
  );
}

function Item({ incident }: { incident: Incident }) {
  const { severity, title, openedAt, cycles, cause, remedy, effect, consequences, action, runId } = incident;
  return (
    <li>
      <Icon name={severity === 'fail' ? 'octagon-x' : 'triangle-alert'} class={`lead ${severity}`} />
      <div>
        <h3>
          {title}{' '}
          <small>
            since <Time at={openedAt} as="when" />
            {cycles !== null && cycles > 0 && `, ${formatCount(cycles, 'cycle')}`}
          </small>
        </h3>
        <p>
          <Prose text={sentences(cause, remedy)} />
        </p>
        {effect !== '' && <Then text={effect} />}
        {consequences.map((consequence) => (
          <Then
            key={consequence.id}
            text={`Probably therefore: ${consequence.title}`}
            href={consequence.action?.href}
          />
        ))}
      </div>
      <div class="btns">
        {action !== null && (
          <a class="btn primary" href={action.href}>
            {action.label}
          </a>
        )}
        {runId !== null && action?.href !== `/runs/${runId}` && (
          <a class="btn" href={`/runs/${runId}`}>
            Open run
          </a>
        )}
      </div>
    </li>
  );
}

function Then({ text, href }: { text: string; href?: string | undefined }) {
  return (
    <div class="then">
      <Icon name="arrow-right" />
      <span class="anywhere">{href === undefined ? <Prose text={text} /> : <a href={href}>{text}</a>}</span>
    </div>
  );
}

/** Texts of the catalogue come with and without a full stop. */
function sentences(...texts: string[]): string {
  return texts
    .filter((text) => text !== '')
    .map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`)
    .join(' ');
}
