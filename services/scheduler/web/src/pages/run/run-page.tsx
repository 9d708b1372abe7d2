import { formatDuration } from '@pipeline/protocol/format';
import { send } from '../../api.ts';
import { now } from '../../clock.ts';
import { Action } from '../../parts/action.tsx';
import { CopyButton } from '../../parts/copy.tsx';
import { Icon } from '../../parts/icon.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { cancelCommand } from '../../parts/pipeline-commands.tsx';
import { Part } from '../../parts/states.tsx';
import { StateStatus, Status } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import { type Query, useResource } from '../../queries.ts';
import type { Page, Requested, Run, TaskItem } from '../../schema.ts';
import { Figures } from './figures.tsx';
import { Log } from './log.tsx';
import { Notices } from './notices.tsx';
import { Problems } from './problems.tsx';
import { report } from './report.ts';
import { Tasks } from './tasks.tsx';

/** What happened in this run, and why did it fail. */
export default function RunPage({ id = '' }: { id?: string }) {
  const run = useResource<Run>(`/api/runs/${id}`);
  const tasks = useResource<Page<TaskItem>>(`/api/runs/${id}/tasks`);
  return (
    <Part query={run} lines={10}>
      {(found) => (
        <>
          <RunHead run={found} tasks={tasks} />
          <Problems run={found} />
          <Notices run={found} />
          <Figures run={found} />
          <Part query={tasks}>{({ items }) => <Tasks run={found} tasks={items} />}</Part>
          <Log key={found.id} run={found} />
        </>
      )}
    </Part>
  );
}

function RunHead({ run, tasks }: { run: Run; tasks: Query<Page<TaskItem>> }) {
  const isLive = run.state === 'running';
  const took = isLive ? now.value - Date.parse(run.startedAt) : run.seconds * 1_000;
  return (
    <PageHead
      title={`${run.label} to PostgreSQL`}
      windowTitle={`${run.label} run`}
      crumbs={[
        { label: 'Runs', href: '/runs' },
        { label: run.label, href: `/runs?pipeline=${run.pipeline}` },
      ]}
      status={<Outcome run={run} />}
      meta={
        <>
          <span>
            <Time at={run.startedAt} as="when" />
          </span>
          <span>
            <b>{formatDuration(isLive ? Math.floor(took / 1_000) * 1_000 : took)}</b>
            {run.usualSeconds !== null &&
              `, usually ${formatDuration(run.usualSeconds.from * 1_000)} to ${formatDuration(run.usualSeconds.to * 1_000)}`}
          </span>
          <span class="anywhere">by {run.by === 'schedule' ? 'the schedule' : run.by}</span>
          <span class="mono muted">{run.id.slice(0, 8)}</span>
        </>
      }
    >
      <Neighbour id={run.previousId} icon="chevron-left" label="Earlier run" shortcut="k" />
      <Neighbour id={run.nextId} icon="chevron-right" label="Later run" shortcut="j" />
      <CopyButton label="Copy report" text={() => report(run, tasks.data?.items ?? [])} />
      {isLive && <Action {...cancelCommand(run)} label="Cancel…" class="danger" />}
      {!isLive && run.failedStreams.length > 0 && (
        <Action
          class="primary"
          icon="refresh-cw"
          label={
            run.failedStreams.length === 1
              ? `Run ${run.failedStreams[0]} again`
              : `Run ${run.failedStreams.length} failed streams again`
          }
          run={async () => (await send<Requested>('POST', `/api/runs/${run.id}/retry`)).message}
        />
      )}
    </PageHead>
  );
}

function Outcome({ run: { state, rejected } }: { run: Run }) {
  if (state === 'running') {
    return (
      <StateStatus state="reading" isPill>
        Running
      </StateStatus>
    );
  }
  return (
    <>
      <StateStatus state={state} isPill />
      {rejected > 0 && (
        <Status tone="warn" isPill>
          {`${rejected} rejected`}
        </Status>
      )}
    </>
  );
}

function Neighbour({
  id,
  icon,
  label,
  shortcut,
}: {
  id: string | null;
  icon: 'chevron-left' | 'chevron-right';
  label: string;
  shortcut: string;
}) {
  if (id === null) return null;
  return (
    <a
      class="btn ghost icon"
      href={`/runs/${id}`}
      aria-label={`${label}, ${shortcut}`}
      aria-keyshortcuts={shortcut}
      data-key={shortcut}
    >
      <Icon name={icon} />
    </a>
  );
}
