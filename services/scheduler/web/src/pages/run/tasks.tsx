import { formatBytes, formatCount, formatDuration, formatNumber } from '@pipeline/protocol/format';
import { useState } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import { LegendEntry } from '../../parts/legend-entry.tsx';
import { StateStatus } from '../../parts/status.tsx';
import type { Run, TaskItem } from '../../schema.ts';
import { Attempts } from './attempts.tsx';
import { secondsOf, taskName } from './task.ts';
import { Waterfall } from './waterfall.tsx';

/** How the run's tasks stood in time; on a phone a list. */
export function Tasks({ run, tasks }: { run: Run; tasks: TaskItem[] }) {
  const [openId, open] = useState<string>();
  const opened = tasks.find(({ id }) => id === openId);
  if (tasks.length === 0) return null;
  const toggle = (id: string) => open(id === openId ? undefined : id);
  return (
    <section class="card" aria-labelledby="tasks">
      <header>
        <h2 id="tasks">Tasks</h2>
        <span class="small muted">{summary(tasks)}</span>
        <TaskLegend />
      </header>
      <div class="pad scroll fall-box">
        <Waterfall run={run} tasks={tasks} openId={openId} toggle={toggle} />
      </div>
      <TaskList tasks={tasks} toggle={toggle} />
      {tasks
        .filter(({ isStuck }) => isStuck)
        .map(({ id, stream }) => (
          <p key={id} class="note flat">
            <Icon name="hourglass" class="warn" />
            {stream} does not move: no batch was committed for 15 minutes.
          </p>
        ))}
      {obstacles(tasks).map((obstacle) => (
        <p key={obstacle} class="note flat anywhere">
          <Icon name="hourglass" class="warn" />
          {`Waits: ${obstacle}`}
        </p>
      ))}
      {opened !== undefined && <Attempts run={run} task={opened} />}
    </section>
  );
}

/** What tasks wait for whose end nobody knows: PostgreSQL, RabbitMQ, a service. */
function obstacles(tasks: TaskItem[]): string[] {
  const open = tasks.filter(({ waitingUntil }) => waitingUntil === null);
  return [...new Set(open.flatMap(({ waitingFor }) => waitingFor ?? []))];
}

function TaskList({ tasks, toggle }: { tasks: TaskItem[]; toggle: (id: string) => void }) {
  const longest = Math.max(1, ...tasks.map(secondsOf));
  return (
    <ul class="fall-list pad">
      {tasks.map((task) => (
        <li key={task.id}>
          <button type="button" onClick={() => toggle(task.id)}>
            <span class="l1">
              <b class="strong">{taskName(task)}</b>
              <StateStatus state={task.state}>
                {task.state === 'failed' && task.code !== null ? task.code : undefined}
              </StateStatus>
            </span>
            <span class="small muted">
              {formatCount(task.rowsLoaded, 'row')} · {formatBytes(task.bytes)} ·{' '}
              {formatDuration(secondsOf(task) * 1_000)}
            </span>
          </button>
          <progress
            class={task.state === 'failed' ? 'is-fail' : task.state === 'loaded' ? 'is-ok' : ''}
            max={longest}
            value={secondsOf(task)}
            aria-label={`duration of ${task.stream}`}
          />
        </li>
      ))}
    </ul>
  );
}

function summary(tasks: TaskItem[]): string {
  const counts = new Map<string, number>();
  for (const { state } of tasks) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${formatNumber(count)} ${state}`).join(', ');
}

function TaskLegend() {
  return (
    <span class="end legend fall-legend">
      <LegendEntry label="reading" width={16} height={9}>
        <rect class="f-run" width="16" height="9" rx="2" />
      </LegendEntry>
      <LegendEntry label="waiting for a limit" width={16} height={9}>
        <rect fill="url(#hatch)" class="s-wait" width="16" height="9" />
      </LegendEntry>
      <LegendEntry label="loading" width={16} height={9}>
        <rect class="f-load" width="16" height="9" rx="2" />
      </LegendEntry>
      <LegendEntry label="batch committed" width={9} height={9}>
        <path class="s-tick" d="M2 1v7M7 1v7" />
      </LegendEntry>
    </span>
  );
}
