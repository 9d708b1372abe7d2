import { useState } from 'preact/hooks';
import { me, send } from '../../api.ts';
import { Action, type Command } from '../../parts/action.tsx';
import { CopyButton } from '../../parts/copy.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Earlier, usePages } from '../../parts/pages.tsx';
import { ACTIONS, RowsTable } from '../../parts/rows-table.tsx';
import { Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { invalidate } from '../../queries.ts';
import type { CreatedToken, Session, Token } from '../../schema.ts';
import { NewToken } from './new-token.tsx';

/** Who may come in: tokens, and the sessions that were opened with them. */
export function Access() {
  const [created, setCreated] = useState<CreatedToken>();
  const [isMaking, make] = useState(false);
  const tokens = usePages<Token>('/api/tokens?limit=100');
  const sessions = usePages<Session>('/api/sessions?limit=100');
  return (
    <>
      {created !== undefined && <Created token={created} />}
      <Part query={tokens.first}>
        {() => (
          <section class="card" aria-labelledby="tokens">
            <header>
              <h2 id="tokens">Access tokens</h2>
              <span class="end">
                <button class="btn" type="button" onClick={() => make(true)}>
                  New token
                </button>
              </span>
            </header>
            <TokensTable tokens={tokens.items} />
            <Earlier {...tokens} />
          </section>
        )}
      </Part>
      <Part query={sessions.first}>
        {() => (
          <section class="card" aria-labelledby="sessions">
            <header>
              <h2 id="sessions">Sessions</h2>
              <span class="end">
                <Action
                  label="Log out"
                  needs="viewer"
                  run={async () => {
                    await send('POST', '/api/logout');
                    location.assign('/login');
                    return 'logged out';
                  }}
                />
              </span>
            </header>
            <SessionsTable sessions={sessions.items} />
            <Earlier {...sessions} />
          </section>
        )}
      </Part>
      {isMaking && (
        <NewToken
          close={() => make(false)}
          done={(token) => {
            make(false);
            setCreated(token);
            invalidate(['/api/tokens']);
          }}
        />
      )}
    </>
  );
}

function Created({ token: { name, role, token } }: { token: CreatedToken }) {
  return (
    <section class="card pad stack gap3" role="status">
      <p>
        <b class="strong">{name}</b>, {role}. It is shown this once:
      </p>
      <pre class="code new-token">{token}</pre>
      <div class="btns">
        <CopyButton label="Copy the token" text={() => token} />
      </div>
    </section>
  );
}

function TokensTable({ tokens }: { tokens: Token[] }) {
  return (
    <RowsTable
      headings={[
        'Name',
        'Role',
        { text: 'Last used', class: 'wide' },
        { text: 'Made', class: 'wide' },
        'Ends',
        ACTIONS,
      ]}
    >
      {tokens.map((token) => (
        <tr key={token.id} data-row="">
          <td class="anywhere">
            {token.name}
            {token.isCurrent && <span class="muted"> (this one)</span>}
          </td>
          <td class="soft">{token.role}</td>
          <td class="wide soft nowrap">
            {token.lastUsedAt === null ? 'never' : <Time at={token.lastUsedAt} as="when" />}
          </td>
          <td class="wide soft">
            <Time at={token.createdAt} as="when" /> by {token.createdBy}
          </td>
          <td class="soft nowrap">
            {token.revokedAt !== null ? (
              <span class="fail">
                revoked <Time at={token.revokedAt} as="when" />
              </span>
            ) : token.expiresAt === null ? (
              'never'
            ) : (
              <Time at={token.expiresAt} as="when" />
            )}
          </td>
          <td class="r">
            {token.revokedAt === null && <Menu label={`Actions for ${token.name}`} commands={[revoke(token)]} />}
          </td>
        </tr>
      ))}
    </RowsTable>
  );
}

function revoke({ id, name, isCurrent }: Token): Command {
  return {
    label: 'Revoke…',
    needs: 'admin',
    icon: 'x',
    question: () => ({
      title: `Revoke ${name}?`,
      label: 'Revoke',
      isDanger: true,
      body: (
        <p>
          Who uses it is shut out at once, and sessions opened with it end{isCurrent ? ', this one too' : ''}. It cannot
          be taken back.
        </p>
      ),
    }),
    run: async () => {
      await send('DELETE', `/api/tokens/${id}`);
      if (isCurrent && me.peek() !== undefined) location.assign('/login');
      invalidate(['/api/tokens', '/api/sessions']);
      return `${name} is revoked`;
    },
  };
}

function SessionsTable({ sessions }: { sessions: Session[] }) {
  return (
    <RowsTable
      headings={['Who', 'Last seen', { text: 'From', class: 'wide' }, { text: 'Browser', class: 'wide' }, ACTIONS]}
    >
      {sessions.map((session) => (
        <tr key={session.id} data-row="">
          <td class="anywhere">
            {session.name}, {session.role}
            {session.isCurrent && <span class="muted"> (this one)</span>}
          </td>
          <td class="soft nowrap">
            <Time at={session.lastSeenAt} as="when" />
          </td>
          <td class="wide soft mono">{session.address}</td>
          <td class="wide soft small anywhere">{session.agent}</td>
          <td class="r">
            {!session.isCurrent && (
              <Menu
                label={`Actions for the session of ${session.name}`}
                commands={[
                  {
                    label: 'End it',
                    needs: 'admin',
                    icon: 'x',
                    run: async () => {
                      await send('DELETE', `/api/sessions/${session.id}`);
                      invalidate(['/api/sessions']);
                      return 'the session has ended';
                    },
                  },
                ]}
              />
            )}
          </td>
        </tr>
      ))}
    </RowsTable>
  );
}
