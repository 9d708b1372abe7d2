import { formatCount, formatNumber } from '@pipeline/protocol/format';
import { send } from '../../api.ts';
import { Action } from '../../parts/action.tsx';
import { CopyButton } from '../../parts/copy.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Prose } from '../../parts/prose.tsx';
import type { RejectedGroup } from '../../schema.ts';
import { GroupReason } from './group-list.tsx';
import { Records } from './records.tsx';

/** Why these records are here, how they get in, and which they are. */
export function Group({ group }: { group: RejectedGroup }) {
  const older = group.count - group.keys;
  return (
    <div class="stack">
      <section class="card" aria-labelledby="group">
        <header>
          <h2 id="group" class="anywhere">
            {`${group.connection}.${group.stream} `}
            <GroupReason group={group} />
          </h2>
          {group.sqlstate !== null && <span class="end mono">{group.sqlstate}</span>}
        </header>
        <div class="pad stack gap3">
          <p class="soft anywhere">
            <Prose text={`${group.cause} ${group.remedy}`} />
            {older > 0 &&
              group.keys > 0 &&
              ` ${formatCount(older, 'older record')} of the same keys are superseded by the newest.`}
          </p>
          {group.sql !== null && (
            <pre class="code" tabIndex={0}>
              {group.sql}
            </pre>
          )}
          <GroupButtons group={group} />
          {group.replaying > 0 && (
            <p class="small soft" role="status">
              <Icon name="hourglass" class="wait" /> {formatNumber(group.replaying)} of{' '}
              {formatNumber(group.count + group.replaying)} are being loaded; those that still do not fit come back.
            </p>
          )}
        </div>
      </section>
      <Records group={group} />
    </div>
  );
}

function GroupButtons({ group }: { group: RejectedGroup }) {
  const close = (verb: 'replay' | 'discard', body: object) => async () =>
    (await send<{ message: string }>('POST', `/api/rejected-records/${verb}`, body)).message;
  const isRepeated = group.keys > 0 && group.keys < group.count;
  return (
    <div class="btns">
      {isRepeated && (
        <Action
          class="primary"
          icon="refresh-cw"
          label={`Retry newest of each key, ${formatNumber(group.keys)}`}
          run={close('replay', { group: group.id, newestOnly: true, expected: group.keys })}
        />
      )}
      <Action
        class={isRepeated ? '' : 'primary'}
        {...(isRepeated ? {} : { icon: 'refresh-cw' as const })}
        label={`Retry ${group.count === 1 ? 'it' : `all ${formatNumber(group.count)}`}`}
        run={close('replay', { group: group.id, expected: group.count })}
      />
      <Action
        class="danger"
        label="Discard…"
        question={() => ({
          title: `Discard ${formatCount(group.count, 'record')}?`,
          label: `Discard ${formatNumber(group.count)}`,
          isDanger: true,
          expect: String(group.count),
          body: (
            <p>
              They are not loaded. <code>{`${group.connection}.${group.stream}`}</code> keeps the older version of{' '}
              {formatCount(group.keys, 'row')}, or has none of them, until the source changes them again or you refresh
              the stream.
            </p>
          ),
        })}
        run={close('discard', { group: group.id, expected: group.count })}
      />
      {group.sql !== null && <CopyButton isIcon label="Copy the SQL" text={() => group.sql ?? ''} />}
    </div>
  );
}
