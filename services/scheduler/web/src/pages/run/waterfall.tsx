import { formatBytes, formatDuration, formatNumber, formatTime } from '@pipeline/protocol/format';
import { now, zone } from '../../clock.ts';
import type { Run, TaskItem } from '../../schema.ts';
import { secondsOf, taskName } from './task.ts';
import { type TimeAxis, timeAxis } from './time-axis.ts';

const WIDTH = 1_092;
const LEFT = 146;
const RIGHT = 890;
const COLUMNS = { rows: 982, size: 1_042, time: WIDTH };
const HEAD_PX = 28;
const ROW_PX = 30;
/** Older attempts stand above, thin. */
const OLDER_MAX = 3;
/** More ticks than this would be a grey bar: then their density is drawn. */
const TICKS_MAX = 200;
const LEAST_PX = 2;

interface WaterfallProps {
  run: Run;
  tasks: TaskItem[];
  openId: string | undefined;
  toggle: (id: string) => void;
}

export function Waterfall({ run, tasks, openId, toggle }: WaterfallProps) {
  const axis = axisOf(run, tasks);
  const height = HEAD_PX + tasks.length * ROW_PX;
  return (
    <svg
      class="fall"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="group"
      aria-label={`${tasks.length} tasks over ${formatDuration(axis.to - axis.from)}`}
    >
      <AxisLines axis={axis} height={height} />
      {tasks.map((task, index) => (
        <TaskRow
          key={task.id}
          task={task}
          axis={axis}
          y={HEAD_PX + index * ROW_PX}
          isOpen={task.id === openId}
          toggle={() => toggle(task.id)}
        />
      ))}
    </svg>
  );
}

function axisOf(run: Run, tasks: TaskItem[]): TimeAxis {
  const from = Date.parse(run.startedAt);
  const to = run.finishedAt === null ? now.value : Date.parse(run.finishedAt);
  const busy = tasks.flatMap(({ attempts, startedAt, finishedAt }): [number, number][] => [
    ...attempts.map(({ startedAt: start, finishedAt: end }): [number, number] => [
      Date.parse(start),
      end === null ? to : Date.parse(end),
    ]),
    ...(startedAt === null
      ? []
      : [[Date.parse(startedAt), finishedAt === null ? to : Date.parse(finishedAt)] satisfies [number, number]]),
  ]);
  return timeAxis(from, Math.max(to, from + 1_000), busy, LEFT, RIGHT);
}

function AxisLines({ axis, height }: { axis: TimeAxis; height: number }) {
  return (
    <g>
      {axis.ticks.map(({ x, ms }) => (
        <g key={ms}>
          <path class="s-line" d={`M${x} ${HEAD_PX - 6}V${height}`} />
          <text class="lab" x={x} y="14" text-anchor="middle">
            {ms === 0 ? formatTime(axis.from, zone.value) : formatDuration(ms).replace('.0', '')}
          </text>
        </g>
      ))}
      {axis.fold !== undefined && (
        <text class="lab" x={axis.fold.x + 20} y={height - 4} text-anchor="middle">
          ⋯ {formatDuration(axis.fold.ms)} ⋯
        </text>
      )}
      {Object.entries(COLUMNS).map(([name, x]) => (
        <text key={name} class="lab" x={x} y="14" text-anchor="end">
          {name}
        </text>
      ))}
    </g>
  );
}

function TaskRow({
  task,
  axis,
  y,
  isOpen,
  toggle,
}: {
  task: TaskItem;
  axis: TimeAxis;
  y: number;
  isOpen: boolean;
  toggle: () => void;
}) {
  const { x } = axis;
  const queued = x(Date.parse(task.queuedAt));
  const started = task.startedAt === null ? undefined : x(Date.parse(task.startedAt));
  return (
    <g
      class="fall-row"
      role="button"
      tabIndex={0}
      data-row=""
      aria-expanded={isOpen}
      aria-description={task.state}
      onClick={toggle}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        toggle();
      }}
    >
      <rect class="hit" x="0" y={y} width={WIDTH} height={ROW_PX} />
      <path class="s-line" d={`M0 ${y + ROW_PX}H${WIDTH}`} />
      <text class="row-name" x="0" y={y + 19}>
        {cut(taskName(task))}
      </text>
      <path class="s-quiet" stroke-dasharray="1 3" d={`M${queued} ${y + 12}H${started ?? RIGHT}`} />
      <Bars task={task} axis={axis} y={y} />
      <Commits task={task} axis={axis} y={y} />
      <Note task={task} axis={axis} y={y} />
      <text class="lab" x={COLUMNS.rows} y={y + 19} text-anchor="end">
        {task.state === 'failed' && task.rowsLoaded === 0 ? '–' : formatNumber(task.rowsLoaded)}
      </text>
      <text class="lab" x={COLUMNS.size} y={y + 19} text-anchor="end">
        {task.bytes === 0 ? '–' : formatBytes(task.bytes)}
      </text>
      <text class="lab" x={COLUMNS.time} y={y + 19} text-anchor="end">
        {formatDuration(secondsOf(task) * 1_000)}
      </text>
    </g>
  );
}

/** Solid is read, pale is loaded, hatched waited; what failed is red. Older attempts are thin lines above. */
function Bars({ task, axis, y }: { task: TaskItem; axis: TimeAxis; y: number }) {
  const [latest, ...older] = task.attempts;
  if (latest === undefined) return null;
  const span = (from: string, to: string | null) => {
    const start = axis.x(Date.parse(from));
    return { x: start, width: Math.max(LEAST_PX, axis.x(to === null ? axis.to : Date.parse(to)) - start) };
  };
  const isFailed = task.state === 'failed' || task.state === 'cancelled';
  const read = latest.extractedAt ?? latest.finishedAt;
  return (
    <>
      {older.slice(0, OLDER_MAX).map((attempt) => (
        <rect
          key={attempt.epoch}
          class="f-idle"
          {...span(attempt.startedAt, attempt.finishedAt)}
          y={y + 4}
          height="2"
        />
      ))}
      <rect class={isFailed ? 'f-fail' : 'f-run'} {...span(latest.startedAt, read)} y={y + 8} height="8" rx="2" />
      {latest.extractedAt !== null && !isFailed && (
        <rect class="f-load" {...span(latest.extractedAt, latest.finishedAt)} y={y + 8} height="8" rx="2" />
      )}
      {latest.waits.map(({ from, until, limit }) => (
        <rect key={`${limit} ${from}`} fill="url(#hatch)" class="s-wait" {...span(from, until)} y={y + 8} height="8">
          <title>{`waited for the ${limit} limit, ${formatDuration(Date.parse(until) - Date.parse(from))}`}</title>
        </rect>
      ))}
    </>
  );
}

function Commits({ task: { commits, commitCount }, axis, y }: { task: TaskItem; axis: TimeAxis; y: number }) {
  if (commits.length === 0) return null;
  const places = new Set(commits.map((at) => Math.round(axis.x(Date.parse(at)))));
  const ticks = [...places].map((place) => `M${place} ${y + 19}v5`).join('');
  return <path class={commitCount > TICKS_MAX ? 's-tick dense' : 's-tick'} d={ticks} />;
}

function Note({ task, axis, y }: { task: TaskItem; axis: TimeAxis; y: number }) {
  const [latest] = task.attempts;
  if (latest === undefined) return null;
  const end = axis.x(latest.finishedAt === null ? axis.to : Date.parse(latest.finishedAt)) + 6;
  const [x, anchor] = end > RIGHT - 200 ? ([RIGHT - 4, 'end'] as const) : ([end, 'start'] as const);
  if (task.state === 'failed') {
    return (
      <text class="lab fail" x={x} y={y + 16} text-anchor={anchor}>
        {`✕ ${task.code ?? 'failed'}${task.attempts.length > 1 ? `, ${task.attempts.length} attempts` : ''}`}
      </text>
    );
  }
  if (task.state === 'waiting' && task.waitingUntil !== null) {
    return (
      <text class="lab wait" x={x} y={y + 16} text-anchor={anchor}>
        {`waits until ${formatTime(task.waitingUntil, zone.value)}${task.waitingFor === null ? '' : `, ${task.waitingFor} limit`}`}
      </text>
    );
  }
  return null;
}

const NAME_CHARACTERS_MAX = 22;
const cut = (name: string) => (name.length > NAME_CHARACTERS_MAX ? `${name.slice(0, NAME_CHARACTERS_MAX - 1)}…` : name);
