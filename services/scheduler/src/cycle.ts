import {
  type Cycle,
  cycleProgress,
  dbtOutcome,
  finishCycle,
  isCycleDue,
  listPipelines,
  liveCycle,
  type Pipeline,
  startCycle,
  startRun,
  startTransforming,
} from '@pipeline/control';
import { inTransaction, type Pool } from '@pipeline/postgres';
import { failpoint } from '@pipeline/probe';
import { type Logger, sourceOfPipeline } from '@pipeline/protocol';
import type { Config } from './config.ts';
import { selectPipelines } from './select-pipelines.ts';

export interface CycleDeps {
  pool: Pool;
  logger: Logger;
  config: Pick<Config, 'PIPELINE_INTERVAL_SECONDS' | 'PIPELINE_NAMES' | 'PIPELINE_CONCURRENCY' | 'DBT_TIMEOUT_SECONDS'>;
}

/** One step of the schedule, from what PostgreSQL says now: starts a cycle, starts its next runs, hands over to dbt, ends it.
 *  Any replica may take any step at any time. Returns the id of a cycle that has just ended. */
export async function advance(deps: CycleDeps, wasDiscovered: boolean): Promise<string | undefined> {
  const cycle = await liveCycle(deps.pool);
  if (cycle === undefined) {
    if (wasDiscovered) await startDueCycle(deps);
    return undefined;
  }
  return cycle.status === 'extracting' ? extract(deps, cycle) : transform(deps, cycle);
}

async function startDueCycle({ pool, logger, config }: CycleDeps): Promise<void> {
  const registered = await listPipelines(pool);
  const requested = registered.filter((pipeline) => pipeline.requested && pipeline.isAlive);
  if (requested.length > 0) {
    await start(
      pool,
      logger,
      requested.map(({ name }) => name),
      [],
    );
    return;
  }
  if (!(await isCycleDue(pool, config.PIPELINE_INTERVAL_SECONDS))) return;
  const { run, missing } = selectPipelines(registered, config.PIPELINE_NAMES);
  // Paused, or not there yet. What is named and missing makes a cycle that says so.
  if (run.length === 0 && (missing.length === 0 || config.PIPELINE_NAMES.length === 0)) return;
  for (const { name, reason } of missing)
    logger.error({ pipeline: name, system: sourceOfPipeline(name) }, `left out of this cycle: ${reason}`);
  await start(pool, logger, run, config.PIPELINE_NAMES.length === 0 ? [] : missing.map(({ name }) => name));
}

async function start(pool: Pool, logger: Logger, pipelines: string[], missing: string[]): Promise<void> {
  const cycleId = await startCycle(pool, pipelines, missing);
  if (cycleId !== undefined) logger.info({ cycleId }, `cycle started: ${pipelines.join(', ') || 'no pipeline'}`);
}

async function extract({ pool, logger, config }: CycleDeps, cycle: Cycle): Promise<string | undefined> {
  const started = await inTransaction(pool, async (client) => {
    const { pending, live } = await cycleProgress(client, cycle.id);
    const next = pending.slice(0, Math.max(0, config.PIPELINE_CONCURRENCY - live));
    for (const name of next) await startRun(client, cycle.id, name);
    if (pending.length === 0 && live === 0) await startTransforming(client, cycle.id);
    if (next.length > 0) failpoint('scheduler.after_run_insert');
    return next;
  });
  for (const name of started)
    logger.info({ pipeline: name, system: sourceOfPipeline(name), cycleId: cycle.id }, 'run started');
  return started.length > 0 || (await isLive(pool, cycle.id)) ? undefined : cycle.id;
}

async function transform({ pool, config }: CycleDeps, cycle: Cycle): Promise<string | undefined> {
  const outcome = await dbtOutcome(pool, cycle.id, config.DBT_TIMEOUT_SECONDS);
  if (outcome === undefined) return undefined;
  await finishCycle(pool, cycle.id, outcome.error ?? undefined);
  return cycle.id;
}

async function isLive(pool: Pool, cycleId: string): Promise<boolean> {
  return (await liveCycle(pool))?.id === cycleId;
}

/** Whether the taps have had their chance to register: those that are named, or any at all. */
export function areDiscovered(registered: Pipeline[], wantedSources: string[]): boolean {
  const alive = new Set(registered.filter((pipeline) => pipeline.isAlive).map(({ source }) => source));
  return wantedSources.length > 0 ? wantedSources.every((source) => alive.has(source)) : alive.size > 0;
}
