import { formatCount, formatDuration } from '@pipeline/protocol/format';
import { useLocation } from 'preact-iso';
import { Action } from '../../parts/action.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { StateStatus, Status } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import { useResource } from '../../queries.ts';
import type { Build, BuildItem, Graph, Page } from '../../schema.ts';
import { dbtCommands } from '../now/dbt-row.tsx';
import { BuildTimes, Slowest, TestsToLookAt } from './build-cards.tsx';
import { FailedTest } from './failed-test.tsx';
import { GraphCard } from './graph-card.tsx';
import { NodeCard } from './node-card.tsx';
import { testNames } from './node-name.ts';

const BUILDS = 40;
const FAILED_SHOWN_MAX = 5;

/** Are the views right. */
export default function ModelsPage() {
  const { query } = useLocation();
  const graph = useResource<Graph>('/api/dbt/graph');
  const builds = useResource<Page<BuildItem>>(`/api/dbt/builds?limit=${BUILDS}`);
  const last = builds.data?.items.find(({ finishedAt }) => finishedAt !== null);
  const build = useResource<Build>(last === undefined ? null : `/api/dbt/builds/${last.id}`);
  const nameOf = testNames(graph.data?.relationships ?? []);
  const failed = graph.data?.nodes.filter(({ state, kind }) => state === 'fail' && kind !== 'source') ?? [];
  return (
    <>
      <ModelsHead last={last} live={builds.data?.items.find(({ finishedAt }) => finishedAt === null)} />
      {failed.slice(0, FAILED_SHOWN_MAX).map((node) => (
        <FailedTest
          key={node.id}
          id={node.id}
          relationship={graph.data?.relationships.find(({ id }) => id === node.id)}
        />
      ))}
      {query['node'] && !failed.some(({ id }) => id === query['node']) && (
        <NodeCard key={query['node']} id={query['node']} />
      )}
      <div class="two">
        <Part query={graph}>
          {(found) =>
            found.nodes.length === 0 ? (
              <Empty icon="waypoints" title="No model yet">
                The dbt-runner tells of its project when it builds it for the first time.
              </Empty>
            ) : (
              <GraphCard graph={found} view={query['view'] ?? ''} node={query['node']} />
            )
          }
        </Part>
        <div class="stack">
          {build.data !== undefined && <TestsToLookAt build={build.data} nameOf={nameOf} />}
          <Part query={builds}>{({ items }) => <BuildTimes builds={items} />}</Part>
          {build.data !== undefined && <Slowest build={build.data} nameOf={nameOf} />}
        </div>
      </div>
    </>
  );
}

function ModelsHead({ last, live }: { last: BuildItem | undefined; live: BuildItem | undefined }) {
  const [build, retry] = dbtCommands(last?.state === 'failed');
  return (
    <PageHead
      title="Models"
      status={
        <>
          {last !== undefined && <BuildStatus build={last} />}
          {live !== undefined && (
            <StateStatus state={live.state === 'running' ? 'reading' : 'queued'} isPill>
              {live.state === 'running' ? 'Building' : 'Queued'}
            </StateStatus>
          )}
        </>
      }
      meta={
        last?.finishedAt != null ? (
          <>
            <span>
              built <Time at={last.finishedAt} as="when" />
            </span>
            {last.seconds !== null && (
              <span>
                <b>{formatDuration(last.seconds * 1_000)}</b>
              </span>
            )}
            <span>
              {`${formatCount(last.models, 'model')}, ${formatCount(last.testsPassed, 'test')} passed, ${last.warned} warned, ${last.failed} failed${last.skipped > 0 ? `, ${last.skipped} skipped` : ''}`}
            </span>
          </>
        ) : undefined
      }
    >
      {build !== undefined && <Action {...build} />}
      {retry !== undefined && <Action {...retry} class="primary" />}
    </PageHead>
  );
}

function BuildStatus({ build: { state, failed, warned } }: { build: BuildItem }) {
  if (state === 'failed') {
    return (
      <Status tone="fail" isPill>
        {failed > 0 ? `${failed} failed` : 'Failed'}
      </Status>
    );
  }
  return (
    <Status tone={warned > 0 ? 'warn' : 'ok'} isPill>
      {warned > 0 ? formatCount(warned, 'warning') : 'All good'}
    </Status>
  );
}
