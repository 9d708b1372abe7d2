import { inTransaction, type Pool, type PoolClient, type RowOf } from '@pipeline/postgres';
import * as statements from './cycles.sql.ts';
import { sendEvent } from './outbox.ts';

export type Cycle = RowOf<typeof statements.selectLiveCycle>;

/** Starts a cycle over these pipelines; with `missing` ones, which have no tap, it ends as failed. Undefined when one is live: the index `one_live_cycle` allows no second. */
export async function startCycle(pool: Pool, pipelines: string[], missing: string[] = []): Promise<string | undefined> {
  return (await statements.insertCycle.first(pool, { pipelines, missing }))?.id;
}

/** The cycle that is under way. */
export function liveCycle(pool: Pool): Promise<Cycle | undefined> {
  return statements.selectLiveCycle.first(pool);
}

/** Whether the interval since the end of the last cycle is over, by the database's clock. True when there was none. */
export async function isCycleDue(pool: Pool, intervalSeconds: number): Promise<boolean> {
  return (await statements.selectIsCycleDue.one(pool, { intervalSeconds })).due;
}

export interface CycleProgress {
  /** Pipelines that have no run in this cycle yet, in order. */
  pending: string[];
  /** Runs that are under way. */
  live: number;
}

/** How far the cycle is, with its row locked: two schedulers take turns. The lock is a statement of its own, because the one that waited for it
 *  would go on with what it saw before: the run that the other has started would look as if it were still to start. */
export async function cycleProgress(client: PoolClient, cycleId: string): Promise<CycleProgress> {
  await statements.lockCycle.run(client, { cycleId });
  const progress = await statements.selectCycleProgress.first(client, { cycleId });
  return { pending: progress?.pending ?? [], live: Number(progress?.live ?? 0) };
}

/** Every run has ended: dbt is asked to model the sources of which anything was loaded. With none there is nothing to
 *  model, and the cycle ends as failed. */
export async function startTransforming(client: PoolClient, cycleId: string): Promise<void> {
  const loaded = await statements.selectLoadedSources.all(client, { cycleId });
  if (loaded.length === 0) {
    await statements.failEmptyCycle.run(client, { cycleId });
    return;
  }
  const isFirst = (await statements.beginTransforming.run(client, { cycleId })) === 1;
  if (isFirst) await sendEvent(client, { type: 'cycle.loaded', cycleId, sources: loaded.map(({ source }) => source) });
}

/** Ends a cycle with the outcome of its runs and of dbt. */
export async function finishCycle(pool: Pool, cycleId: string, dbtError: string | undefined): Promise<void> {
  await inTransaction(pool, async (client) => {
    const failed = await statements.selectCycleErrors.one(client, { cycleId });
    const errors = [failed.errors, dbtError].filter((error) => typeof error === 'string');
    const outcome =
      errors.length === 0
        ? ({ status: 'succeeded', error: null } as const)
        : ({ status: 'failed', error: errors.join('; ') } as const);
    await statements.endCycle.run(client, { cycleId, ...outcome });
  });
}
