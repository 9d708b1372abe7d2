import { useState } from 'preact/hooks';
import { send } from '../../api.ts';
import { Action, type Command, may } from '../../parts/action.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { Status } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import { invalidate, useResource } from '../../queries.ts';
import type { AlertChannel, AlertTest, Page } from '../../schema.ts';
import { NewChannel } from './new-channel.tsx';

/** Where messages go when something needs a person, and when it is over. */
export function Alerts() {
  const [isMaking, make] = useState(false);
  return (
    <>
      <Part query={useResource<Page<AlertChannel>>('/api/alert-channels')}>
        {({ items }) => (
          <>
            {may('admin') && (
              <div class="btns">
                <button class="btn primary" type="button" onClick={() => make(true)}>
                  New channel
                </button>
                <span class="small muted">One message when something begins to need you, one when it is over.</span>
              </div>
            )}
            {items.length === 0 ? (
              <Empty icon="inbox" title="Nobody is told yet">
                What needs you stands on this page only. A channel is a webhook, Slack, or e-mail.
              </Empty>
            ) : (
              <ul class="stack">
                {items.map((channel) => (
                  <Channel key={channel.id} channel={channel} />
                ))}
              </ul>
            )}
          </>
        )}
      </Part>
      {isMaking && (
        <NewChannel
          close={() => make(false)}
          done={() => {
            make(false);
            invalidate(['/api/alert-channels']);
          }}
        />
      )}
    </>
  );
}

function Channel({ channel }: { channel: AlertChannel }) {
  const { id, name, kind, target, kinds, isEnabled, lastSentAt, lastError } = channel;
  return (
    <li class="card">
      <header>
        <h2 class="anywhere">{name}</h2>
        <span class="small muted anywhere">
          {kind}, {target}
        </span>
        <span class="end">
          {lastError !== null ? (
            <Status tone="fail">does not get through</Status>
          ) : isEnabled ? (
            <Status tone="ok">on</Status>
          ) : (
            <Status tone="idle">off</Status>
          )}
        </span>
      </header>
      <div class="pad btns">
        <span class="soft small anywhere">
          {kinds.length === 0 ? 'Everything that needs a person.' : kinds.join(', ')}{' '}
          {lastSentAt === null ? (
            'Nothing was sent yet.'
          ) : (
            <>
              Last sent <Time at={lastSentAt} as="when" />.
            </>
          )}{' '}
          {lastError}
        </span>
        <Action
          label="Test"
          needs="admin"
          run={async () => {
            const tested = await send<AlertTest>('POST', `/api/alert-channels/${id}/test`);
            if (!tested.isSent) throw new Error(tested.message);
            return tested.message;
          }}
        />
        <Menu label={`Actions for ${name}`} commands={commands(channel)} />
      </div>
    </li>
  );
}

function commands({ id, name, isEnabled }: AlertChannel): Command[] {
  return [
    {
      label: isEnabled ? 'Switch off' : 'Switch on',
      needs: 'admin',
      run: async () => {
        await send('PUT', `/api/alert-channels/${id}`, { isEnabled: !isEnabled });
        invalidate(['/api/alert-channels']);
        return `${name} is ${isEnabled ? 'off' : 'on'}`;
      },
    },
    {
      label: 'Remove…',
      needs: 'admin',
      icon: 'x',
      question: () => ({
        title: `Remove ${name}?`,
        label: 'Remove',
        isDanger: true,
        body: <p>No message goes there any more.</p>,
      }),
      run: async () => {
        await send('DELETE', `/api/alert-channels/${id}`);
        invalidate(['/api/alert-channels']);
        return `${name} is removed`;
      },
    },
  ];
}
