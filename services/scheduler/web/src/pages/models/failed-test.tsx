import { formatCount, formatNumber } from '@pipeline/protocol/format';
import { may } from '../../parts/action.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Prose } from '../../parts/prose.tsx';
import { Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useResource } from '../../queries.ts';
import type { Failures, Graph, Node } from '../../schema.ts';
import { shortName } from './node-name.ts';

const ROWS_SHOWN = 8;

interface FailedTestProps {
  id: string;
  relationship: Graph['relationships'][number] | undefined;
}

/** A failed test or model: what it says, since when, why probably, and the rows. */
export function FailedTest({ id, relationship }: FailedTestProps) {
  const path = `/api/dbt/nodes/${encodeURIComponent(id)}`;
  return (
    <Part query={useResource<Node>(path)} lines={4}>
      {(node) => (
        <section class="card err" aria-label={shortName(node)}>
          <header>
            <Icon name="octagon-x" class="fail" />
            <h2 class="anywhere">{headline(node, relationship)}</h2>
            <span class="small soft anywhere">
              {relationship === undefined ? node.kind : `relationships · ${shortName(node)}`}
            </span>
            {node.failures !== null && <span class="end">{formatCount(node.failures, 'row')}</span>}
          </header>
          <div class={`pad flat ${node.kind === 'test' && may('admin') ? 'half' : 'stack'}`}>
            <div class="stack gap3">
              <p class="soft anywhere">
                {node.message !== null && <Prose text={`${messageOf(node.message)} `} />}
                {node.failingSince !== null && (
                  <>
                    Since <Time at={node.failingSince} as="when" />, {formatCount(node.failingBuilds, 'build')}.{' '}
                  </>
                )}
                {node.probableCause !== null && (
                  <>
                    <b class="strong">Probably</b> because <Prose text={node.probableCause} />
                  </>
                )}
              </p>
              {node.sql !== null && (
                <pre class="code sql" tabIndex={0}>
                  {node.sql.trim()}
                </pre>
              )}
            </div>
            {node.kind === 'test' && may('admin') && <FailingRows path={path} />}
          </div>
        </section>
      )}
    </Part>
  );
}

/** dbt's own sentence about a failed test says the number that stands above, and no full stop. */
function messageOf(message: string): string {
  const rows = /^Got (\d+) results?, configured to (fail|warn) if/.exec(message)?.[1];
  if (rows !== undefined) return `${formatCount(Number(rows), 'row')} should not be there.`;
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function headline(node: Node, relationship: FailedTestProps['relationship']): string {
  if (node.description !== '') return node.description;
  if (relationship !== undefined)
    return `${shortName({ name: relationship.from })} → ${shortName({ name: relationship.to })}`;
  return shortName(node);
}

function FailingRows({ path }: { path: string }) {
  return (
    <Part query={useResource<Failures>(`${path}/failures`)} lines={4}>
      {({ columns, rows, total, readAt }) => (
        <div>
          <div class="scroll" tabIndex={0} role="region" aria-label="First failing rows">
            <table class="small">
              <caption class="vh">First failing rows</caption>
              <thead>
                <tr>
                  {columns.map((name) => (
                    <th key={name}>{name}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, ROWS_SHOWN).map((row, index) => (
                  <tr key={index}>
                    {columns.map((name, column) => (
                      <td key={name} class="mono cell">
                        {textOf(row[column])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="small muted pad0">
            {Math.min(rows.length, ROWS_SHOWN)}
            {total !== null && ` of ${formatNumber(total)}`}, read at <Time at={readAt} as="clock" />. Admins see
            values.
          </p>
        </div>
      )}
    </Part>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
