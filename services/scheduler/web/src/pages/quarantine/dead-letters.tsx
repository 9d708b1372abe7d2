import { formatBytes, formatCount } from '@pipeline/protocol/format';
import { send } from '../../api.ts';
import { Action } from '../../parts/action.tsx';
import { Earlier, usePages } from '../../parts/pages.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import type { DeadLetterItem } from '../../schema.ts';

const LABELS = { replay: 'Replay', skip: 'Skip…', discard: 'Discard…' };

/** Messages that nobody could handle, each with what can be done now and what it means. */
export function DeadLetters() {
  const pages = usePages<DeadLetterItem>('/api/dead-letters?limit=100');
  const { items } = pages;
  return (
    <Part query={pages.first}>
      {() =>
        items.length === 0 ? (
          <Empty icon="inbox" title="No dead letter">
            A message that no service could handle appears here, whole, and can be sent again.
          </Empty>
        ) : (
          <div class="stack">
            <ul class="stack">
              {items.map((letter) => (
                <Letter key={letter.id} letter={letter} />
              ))}
            </ul>
            <Earlier {...pages} />
          </div>
        )
      }
    </Part>
  );
}

function Letter({ letter }: { letter: DeadLetterItem }) {
  const { id, queue, reason, type, pipeline, stream, rows, bytes, archivedAt, attempt, commands } = letter;
  return (
    <li class="card">
      <header>
        <h2 class="anywhere">
          {pipeline === null ? (type ?? queue) : `${pipeline}${stream === null ? '' : `, ${stream}`}`}
        </h2>
        <span class="small muted">
          {rows === null ? formatBytes(bytes) : formatCount(rows, 'row')}, set aside <Time at={archivedAt} as="when" />
        </span>
        <span class="end mono">{queue}</span>
      </header>
      <div class="pad stack gap3">
        <p class="soft anywhere">
          {reason}
          {attempt !== null && ` Batch ${attempt.seq} of attempt ${attempt.epoch}, which is ${attempt.state}.`}
        </p>
        <dl class="facts">
          {commands.map(({ name, meaning }) => (
            <Meaning key={name} name={LABELS[name].replace('…', '')} meaning={meaning} />
          ))}
        </dl>
        <div class="btns">
          {commands.map(({ name, meaning }) => (
            <Action
              key={name}
              label={LABELS[name]}
              class={name === 'replay' ? 'primary' : 'danger'}
              {...(name === 'replay'
                ? {}
                : {
                    question: () => ({
                      title: `${LABELS[name].replace('…', '')} this message?`,
                      label: LABELS[name].replace('…', ''),
                      isDanger: true,
                      expect: String(rows ?? id),
                      body: <p>{meaning}</p>,
                    }),
                  })}
              run={async () => (await send<{ outcome: string }>('POST', `/api/dead-letters/${id}/${name}`)).outcome}
            />
          ))}
        </div>
      </div>
    </li>
  );
}

function Meaning({ name, meaning }: { name: string; meaning: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{meaning}</dd>
    </>
  );
}
