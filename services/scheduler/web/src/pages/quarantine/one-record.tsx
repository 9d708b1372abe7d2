import { send } from '../../api.ts';
import { Action } from '../../parts/action.tsx';
import { CopyButton } from '../../parts/copy.tsx';
import { Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useResource } from '../../queries.ts';
import type { RejectedRecord } from '../../schema.ts';
import { indented } from './indented.ts';

/** One record with its values, beside the row that is in the table now. */
export function OneRecord({ id }: { id: string }) {
  return (
    <Part query={useResource<RejectedRecord>(`/api/rejected-records/${id}`)} lines={8}>
      {(record) => (
        <section class="card" aria-labelledby="record">
          <header>
            <h2 id="record">Record {record.id}</h2>
            <span class="small muted">
              set aside <Time at={record.rejectedAt} as="when" />
              {record.epoch !== null && `, epoch ${record.epoch}`}
              {record.seq !== null && `, batch ${record.seq}`}
            </span>
            <span class="end">
              <CopyButton label="Copy" text={() => indented(record.record)} />
              {record.state === 'open' && (
                <Action
                  label="Retry"
                  icon="refresh-cw"
                  run={async () =>
                    (await send<{ message: string }>('POST', '/api/rejected-records/replay', { ids: [record.id] }))
                      .message
                  }
                />
              )}
            </span>
          </header>
          <div class="pad stack gap3">
            <p class="soft anywhere">{record.reason}</p>
            <div class={record.current === null ? '' : 'half'}>
              <Json title="As it was read" text={record.record} column={record.column} />
              {record.current !== null && (
                <Json title="In the table now" text={record.current} column={record.column} />
              )}
            </div>
            <p class="small muted">Values are shown to operators and admins, and each look is in the audit log.</p>
          </div>
        </section>
      )}
    </Part>
  );
}

/** Text from the server, only indented: no number goes through JavaScript. */
function Json({ title, text, column }: { title: string; text: string; column: string | null }) {
  return (
    <div>
      <h3 class="muted pad0">{title}</h3>
      <pre class="code json" tabIndex={0}>
        {indented(text)
          .split('\n')
          .map((line, index) => (
            <JsonLine key={`${index}${line}`} line={line} column={column} />
          ))}
      </pre>
    </div>
  );
}

function JsonLine({ line, column }: { line: string; column: string | null }) {
  const [, indent = '', name, rest] = /^(\s*)"((?:[^"\\]|\\.)*)":(.*)$/s.exec(line) ?? [];
  if (name === undefined) return <>{`${line}\n`}</>;
  const content = (
    <>
      <span class="k">"{name}"</span>:{rest}
    </>
  );
  return (
    <>
      {indent}
      {column !== null && isColumn(name, column) ? <mark>{content}</mark> : content}
      {'\n'}
    </>
  );
}

/** `AmountDue` of the source is `amount_due` of the table. */
function isColumn(name: string, column: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return plain(name) === plain(column);
}
