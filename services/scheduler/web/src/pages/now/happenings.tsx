import { Icon } from '../../parts/icon.tsx';
import type { IconName } from '../../parts/icon-names.ts';
import { Prose } from '../../parts/prose.tsx';
import { Time } from '../../parts/time.tsx';
import type { Happening } from '../../schema.ts';

const LOOKS: Record<Happening['kind'], { icon: IconName; tone: string; word: string }> = {
  opened: { icon: 'triangle-alert', tone: 'warn', word: 'began' },
  closed: { icon: 'circle-check', tone: 'ok', word: 'over' },
  schema: { icon: 'plus', tone: '', word: 'schema' },
  command: { icon: 'play', tone: '', word: 'command' },
};

export function Happenings({ happenings }: { happenings: Happening[] }) {
  return (
    <section class="card" aria-labelledby="happened">
      <header>
        <h2 id="happened">What happened</h2>
        <span class="end">
          <a class="link" href="/system/audit">
            all
          </a>
        </span>
      </header>
      {happenings.length === 0 ? (
        <p class="pad muted">Nothing yet: failures and their end, new columns and commands appear here.</p>
      ) : (
        <ul class="feed">
          {happenings.map((happening) => (
            <Item key={`${happening.at} ${happening.kind} ${happening.text}`} happening={happening} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Item({ happening: { at, kind, text, href } }: { happening: Happening }) {
  const { icon, tone, word } = LOOKS[kind];
  return (
    <li>
      <Time at={at} as="minute" />
      <Icon name={icon} class={tone} />
      <span class="anywhere">
        <span class="vh">{word}: </span>
        {href === null ? (
          <Prose text={text} />
        ) : (
          <a href={href}>
            <Prose text={text} />
          </a>
        )}
      </span>
    </li>
  );
}
