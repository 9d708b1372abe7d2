import { formatDuration } from '@pipeline/protocol/format';
import { Prose } from '../../parts/prose.tsx';
import { Part } from '../../parts/states.tsx';
import { Status } from '../../parts/status.tsx';
import { useResource } from '../../queries.ts';
import type { Node } from '../../schema.ts';
import { shortName } from './node-name.ts';

const TONES = { ok: 'ok', fail: 'fail', warn: 'warn', suspect: 'warn', unknown: 'idle' } as const;

/** The node that was chosen in the graph. */
export function NodeCard({ id }: { id: string }) {
  return (
    <Part query={useResource<Node>(`/api/dbt/nodes/${encodeURIComponent(id)}`)} lines={4}>
      {(node) => (
        <section class="card" aria-labelledby="node">
          <header>
            <h2 id="node" class="anywhere">
              {shortName(node)}
            </h2>
            <Status tone={TONES[node.state]}>
              {node.state === 'suspect' ? 'made of stale or missing rows' : node.state}
            </Status>
            <span class="end mono anywhere">{node.path}</span>
          </header>
          <div class="pad stack gap3">
            {node.description !== '' && (
              <p class="soft">
                <Prose text={node.description} />
              </p>
            )}
            <dl class="facts">
              <dt>Kind</dt>
              <dd>
                {node.kind}
                {node.seconds !== null && `, built in ${formatDuration(node.seconds * 1_000)}`}
              </dd>
              <Neighbours label="Made of" ids={node.parents} />
              <Neighbours label="Feeds" ids={node.children} />
            </dl>
            {node.connection !== null && node.stream !== null && (
              <p>
                <a
                  class="link"
                  href={`/streams/${node.connection}/${node.stream}`}
                >{`${node.connection}.${node.stream}`}</a>
              </p>
            )}
            {node.sql !== null && (
              <details>
                <summary class="small">SQL</summary>
                <pre class="code sql" tabIndex={0}>
                  {node.sql.trim()}
                </pre>
              </details>
            )}
          </div>
        </section>
      )}
    </Part>
  );
}

function Neighbours({ label, ids }: { label: string; ids: string[] }) {
  if (ids.length === 0) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd class="anywhere">
        {ids.map((id, index) => (
          <span key={id}>
            {index > 0 && ', '}
            <a class="link" href={`/models?node=${encodeURIComponent(id)}`}>
              {shortName({ name: id })}
            </a>
          </span>
        ))}
      </dd>
    </>
  );
}
