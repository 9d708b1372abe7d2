import { formatDuration, formatNumber } from '@pipeline/protocol/format';
import { now } from '../../clock.ts';
import { StateStatus, Status } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import type { Cycle, CycleRun } from '../../schema.ts';

export interface PipelineColumn {
  name: string;
  label: string;
}

/** A column for each pipeline that has a run in one of these cycles. */
export function pipelinesOf(cycles: Cycle[]): PipelineColumn[] {
  const labels = new Map<string, string>();
  for (const { runs, pending } of cycles) {
    for (const { pipeline, label } of runs) labels.set(pipeline, label);
    for (const pipeline of pending) if (!labels.has(pipeline)) labels.set(pipeline, pipeline);
  }
  return [...labels].map(([name, label]) => ({ name, label })).toSorted((a, b) => a.label.localeCompare(b.label));
}

export function CycleRow({ cycle, pipelines }: { cycle: Cycle; pipelines: PipelineColumn[] }) {
  const isLive = cycle.finishedAt === null;
  const first = cycle.runs[0];
  return (
    <tr data-row="">
      <td class="nowrap">
        {first === undefined ? (
          <span class="strong">
            <Time at={cycle.startedAt} as="when" />
          </span>
        ) : (
          <a class="strong" href={`/runs/${(cycle.runs.find(({ state }) => state === 'failed') ?? first).runId}`}>
            <Time at={cycle.startedAt} as="when" />
          </a>
        )}
        <div class="small muted cut">{isLive ? 'running' : cycle.by}</div>
      </td>
      {pipelines.map(({ name }) => (
        <td key={name}>
          <RunCell
            run={cycle.runs.find(({ pipeline }) => pipeline === name)}
            isPending={cycle.pending.includes(name)}
          />
        </td>
      ))}
      <td>
        <DbtCell cycle={cycle} />
      </td>
      <td class="num rows">{formatNumber(cycle.rows)}</td>
      <td class="num">{formatDuration(isLive ? now.value - Date.parse(cycle.startedAt) : cycle.seconds * 1_000)}</td>
      <td class="wide small soft why">{reasons(cycle)}</td>
    </tr>
  );
}

function RunCell({ run, isPending }: { run: CycleRun | undefined; isPending: boolean }) {
  if (run === undefined)
    return isPending ? <StateStatus state="queued">next</StateStatus> : <span class="muted">–</span>;
  const seconds = run.finishedAt === null ? (now.value - Date.parse(run.startedAt)) / 1_000 : run.seconds;
  const took = formatDuration(seconds * 1_000);
  const href = `/runs/${run.runId}`;
  return (
    <a
      href={href}
      aria-label={`${run.label}, ${run.state}${run.rejected > 0 ? `, ${run.rejected} rejected` : ''}, ${took}`}
    >
      {run.state === 'running' ? (
        <StateStatus state="reading">{took}</StateStatus>
      ) : run.state === 'loaded' && run.rejected > 0 ? (
        <Status tone="warn">{took}</Status>
      ) : (
        <StateStatus state={run.state} isQuiet={run.state === 'loaded'}>
          {run.state === 'failed' ? failedWord(run.error) : took}
        </StateStatus>
      )}
    </a>
  );
}

function DbtCell({ cycle: { dbt, finishedAt } }: { cycle: Cycle }) {
  if (dbt === null)
    return finishedAt === null ? <StateStatus state="queued">next</StateStatus> : <span class="muted">–</span>;
  const took = dbt.seconds === null ? dbt.state : formatDuration(dbt.seconds * 1_000);
  return (
    <a href="/models" aria-label={`dbt, ${dbt.state}, ${took}`}>
      {dbt.state === 'failed' ? (
        <StateStatus state="failed">{dbt.failed > 0 ? `${dbt.failed} failed` : took}</StateStatus>
      ) : (
        <StateStatus
          state={dbt.state === 'succeeded' ? 'loaded' : dbt.state === 'running' ? 'reading' : 'queued'}
          isQuiet={dbt.state === 'succeeded'}
        >
          {took}
        </StateStatus>
      )}
    </a>
  );
}

/** `timelogs: access is denied …` begins with the stream. */
function failedWord(error: string | null): string {
  const stream = /^([a-z0-9_]{1,24}):/.exec(error ?? '')?.[1];
  return stream ?? 'failed';
}

function reasons({ runs, dbt, error }: Cycle): string {
  const parts = [
    ...runs.filter(({ state }) => state === 'failed').map(({ label, error: why }) => `${label}: ${why ?? 'failed'}`),
    ...(dbt?.state === 'failed' ? [`dbt: ${dbt.error ?? `${dbt.failed} failed`}`] : []),
  ];
  return parts.length > 0 ? parts.join(' · ') : (error ?? '');
}
