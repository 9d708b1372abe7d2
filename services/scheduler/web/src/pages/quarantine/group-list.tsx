import { formatCount, formatNumber } from '@pipeline/protocol/format';
import { Icon } from '../../parts/icon.tsx';
import { Time } from '../../parts/time.tsx';
import type { RejectedGroup } from '../../schema.ts';

/** Groups of one cause: the same stream, reason, column and constraint. */
export function GroupList({ groups, chosen }: { groups: RejectedGroup[]; chosen: RejectedGroup }) {
  return (
    <section class="card groups" aria-label="Groups of one cause">
      <ul>
        {groups.map((group) => (
          <li key={group.id}>
            <a
              href={`/quarantine?group=${group.id}`}
              aria-current={group.id === chosen.id ? 'true' : undefined}
              data-row=""
            >
              <span class="l1">
                <Icon
                  name={group.replaying > 0 ? 'hourglass' : 'triangle-alert'}
                  class={group.replaying > 0 ? 'wait' : 'warn'}
                />
                <span class="anywhere">{`${group.connection}.${group.stream}`}</span>
                <span class="num">{formatNumber(group.count)}</span>
              </span>
              <p>
                <GroupReason group={group} />
              </p>
              <p>
                {group.replaying > 0 ? (
                  `${formatNumber(group.replaying)} asked for again, a loader does it`
                ) : (
                  <>
                    {formatCount(group.keys, 'key')} · since <Time at={group.since} as="when" />
                    {group.lastRun > 0 && ` · +${formatNumber(group.lastRun)} in the last run`}
                  </>
                )}
              </p>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `breaks sane_amount_due`, `custom_score: number beyond the range`. */
export function GroupReason({
  group: { constraint, column, reason },
}: {
  group: Pick<RejectedGroup, 'constraint' | 'column' | 'reason'>;
}) {
  if (constraint !== null) {
    return (
      <>
        breaks <code>{constraint}</code>
      </>
    );
  }
  return (
    <>
      {column !== null && (
        <>
          <code>{column}</code>:{' '}
        </>
      )}
      <span class="anywhere">{reason}</span>
    </>
  );
}
