import { formatBytes, formatCount } from '@pipeline/contracts/format';
import { send } from '../../api.ts';
import { Action } from '../../parts/action.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useResource } from '../../queries.ts';
import type { DeadLetterItem, Page } from '../../schema.ts';

const LABELS = { replay: 'Replay', skip: 'Skip…', discard: 'Discard…' };

/** Messages that nobody could handle, each with what can be done now and what it means. */
export function DeadLetters() {
  return (
    <Part query={useResource<Page<DeadLetterItem>>('/api/dead-letters?limit=200')}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon="inbox" title="No dead letter">
            A message that no service could handle appears here, whole, and can be sent again.
          </Empty>
        ) : (
          <ul class="stack">
            {items.map((letter) => (
              <Letter key={letter.id} letter={letter} />
            ))}
          </ul>
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
