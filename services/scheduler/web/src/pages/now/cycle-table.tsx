import { formatCountdown, formatDuration } from '@pipeline/protocol/format';
import { now as clock } from '../../clock.ts';
import { Menu } from '../../parts/menu.tsx';
import { pipelineCommands } from '../../parts/pipeline-commands.tsx';
import { SourceMark } from '../../parts/source-mark.tsx';
import { Time } from '../../parts/time.tsx';
import type { Now, NowPipeline } from '../../schema.ts';
import { type Axis, CycleBars } from './cycle-bars.tsx';
import { DbtRow } from './dbt-row.tsx';
import { History } from './history.tsx';
import { Legend } from './legend.tsx';
import { PipelineState } from './pipeline-state.tsx';

/** A row per pipeline and one of dbt: how the last run came out, what it does now, where it stands in the cycle, how it was before. */
export function CycleTable({ now }: { now: Now }) {
  const axis = axisOf(now);
  return (
    <section class="card" aria-label="The cycle">
      <header>
        <CycleHead now={now} />
      </header>
      <table class="pipes">
        <caption class="vh">Pipelines</caption>
        <thead>
          <tr>
            <th>Pipeline</th>
            <th>Last result, and now</th>
            <th>In this cycle</th>
            <th>Last 40 cycles</th>
            <th class="num">Oldest stream</th>
            <th>
              <span class="vh">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {now.pipelines.map((pipeline) => (
            <PipelineRow key={pipeline.name} pipeline={pipeline} axis={axis} />
          ))}
          <DbtRow dbt={now.dbt} axis={axis} isTransforming={now.cycle?.state === 'transforming'} />
        </tbody>
      </table>
      <Legend />
    </section>
  );
}

function CycleHead({ now: { cycle, nextCycleAt } }: { now: Now }) {
  if (cycle === null) {
    return (
      <>
        <h2>No cycle yet</h2>
        <NextCycle at={nextCycleAt} isLive={false} />
      </>
    );
  }
  const started = Date.parse(cycle.startedAt);
  return (
    <>
      <h2>
        Cycle of <Time at={cycle.startedAt} as="when" />
      </h2>
      <span class="small muted">
        {cycle.finishedAt !== null ? (
          `took ${formatDuration(Date.parse(cycle.finishedAt) - started)}`
        ) : (
          <>
            running for {formatDuration(Math.floor((clock.value - started) / 1_000) * 1_000)}
            {cycle.expectedEndAt !== null && Date.parse(cycle.expectedEndAt) > clock.value && (
              <>
                , ends about <Time at={cycle.expectedEndAt} as="clock" />
              </>
            )}
          </>
        )}
      </span>
      <NextCycle at={nextCycleAt} isLive={cycle.finishedAt === null} />
    </>
  );
}

function NextCycle({ at, isLive }: { at: string | null; isLive: boolean }) {
  if (at === null) return null;
  return (
    <span class="end">
      {isLive ? 'next about' : 'next in'}{' '}
      <b class="strong">{isLive ? <Time at={at} as="minute" /> : formatCountdown(Date.parse(at) - clock.value)}</b>
    </span>
  );
}

function PipelineRow({ pipeline, axis }: { pipeline: NowPipeline; axis: Axis }) {
  const { label, source, outcome, activity, bars, history, oldestStream } = pipeline;
  const run = activity?.runId ?? outcome?.runId;
  const name = (
    <>
      <SourceMark label={source} />
      <span>{label}</span>
    </>
  );
  return (
    <tr>
      <td>
        {run === undefined ? (
          <span class="name strong">{name}</span>
        ) : (
          <a class="name strong" href={`/runs/${run}`} data-row="">
            {name}
          </a>
        )}
      </td>
      <td class="what">
        <PipelineState pipeline={pipeline} />
      </td>
      <td class="g">
        <CycleBars bars={bars} axis={axis} isLive={activity !== null} />
      </td>
      <td class="hist">
        <History history={history} path="/runs" />
      </td>
      <td class="num age">
        {oldestStream?.loadedAt != null && (
          <a
            class={oldestStream.isLate ? 'fail strong' : ''}
            href={`/streams/${pipeline.connection}/${oldestStream.stream}`}
            title={`${oldestStream.stream} is the oldest`}
          >
            <Time at={oldestStream.loadedAt} as="age" />
            {oldestStream.isLate && <span class="vh">, late</span>}
          </a>
        )}
      </td>
      <td class="r">
        <Menu label={`Actions for ${label}`} commands={pipelineCommands(pipeline)} />
      </td>
    </tr>
  );
}

/** From the start of the cycle to the end of the last bar, or to now. */
function axisOf({ cycle, pipelines, dbt }: Now): Axis {
  const from = cycle === null ? clock.value : Date.parse(cycle.startedAt);
  const ends = [...pipelines.flatMap(({ bars }) => bars), ...dbt.bars].map(({ to }) => Date.parse(to));
  const isLive = cycle !== null && cycle.finishedAt === null;
  const to = Math.max(from + 1_000, ...ends, ...(isLive ? [clock.value] : []));
  return { from, to, now: isLive ? clock.value : undefined };
}
