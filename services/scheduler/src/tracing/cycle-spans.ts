import { type CycleReport, runTimes } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { cycleTrace, runTrace } from '@pipeline/protocol';
import type { Tracing } from '@pipeline/service';

/** Tells of a cycle that has ended and of its runs: what taps, loaders and dbt tell of is part of them. */
export async function tellCycle(pool: Pool, tracing: Tracing, cycle: CycleReport): Promise<void> {
  if (!tracing.isOn || cycle.finishedAt === null) return;
  const as = cycleTrace(cycle.id);
  tracing.tell({
    ...{ name: 'cycle', as, startedAt: cycle.startedAt, endedAt: cycle.finishedAt, error: cycle.error },
    attributes: { 'pipeline.cycle_id': cycle.id, 'pipeline.status': cycle.status },
  });
  for (const { id, pipeline, source, status, error, startedAt, finishedAt } of await runTimes(pool, cycle.id)) {
    tracing.tell({
      ...{ name: `run ${pipeline}`, as: runTrace(cycle.id, id), parent: as, startedAt },
      endedAt: finishedAt ?? cycle.finishedAt,
      error: status === 'failed' ? (error ?? 'a task failed') : null,
      attributes: {
        ...{ 'pipeline.name': pipeline, 'pipeline.source': source },
        ...{ 'pipeline.run_id': id, 'pipeline.status': status },
      },
    });
  }
}
