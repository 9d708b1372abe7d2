import { join } from 'node:path';
import {
  claimDbtRun,
  type DbtBuildOutcome,
  type DbtClaim,
  endEarlierDbtSessions,
  finishDbtRun,
  releaseDbtRun,
} from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { failpoint } from '@pipeline/probe';
import { errorMessage, type Logger } from '@pipeline/protocol';
import { type Loop, startLoop } from '@pipeline/resilience';
import type { Defects, Span, Tracing } from '@pipeline/service';
import { removeOldArtifacts } from './artifact-retention.ts';
import { artifactFolder, type BuildDeps, build } from './build.ts';
import { startBuildSpan } from './build-span.ts';
import type { DbtProcess } from './dbt-process.ts';
import { holdLease } from './lease.ts';
import type { ResidentDbt } from './resident-dbt.ts';
import { saveProject } from './save-project.ts';

export interface BuilderDeps extends BuildDeps {
  pool: Pool;
  dbt: ResidentDbt;
  /** Names this replica. */
  instance: string;
  defects: Defects;
  tracing: Tracing;
}

interface BuildInTrace extends BuilderDeps {
  span: Span;
}

/** Without an event: how soon a build whose runner died is repeated. */
const POLL_MS = 2_000;

/** Takes one build after another: claims it, runs dbt, records the end. All it knows is in PostgreSQL, so it may die at any moment. */
export function startBuilder(deps: BuilderDeps): Loop {
  const stopping = new AbortController();
  // What the last build came to, until PostgreSQL has it.
  let record: (() => Promise<unknown>) | undefined;
  const recordLast = async () => {
    await record?.();
    record = undefined;
  };
  const loop = startLoop({
    everyMs: POLL_MS,
    step: async () => {
      await recordLast();
      if (stopping.signal.aborted) return;
      // Before the claim: loading dbt may take longer than a lease.
      const dbt = await deps.dbt.start();
      const claimedAt = performance.now();
      const claim = await claimDbtRun(deps.pool, { target: deps.config.DBT_TARGET, claimedBy: deps.instance });
      if (claim === undefined) return;
      const span = startBuildSpan(deps.tracing, deps.config.DBT_TARGET, claim);
      record = await runBuild({ ...deps, span }, dbt, claim, claimedAt, stopping.signal).finally(() => span.end());
      await recordLast();
      await removeOldArtifacts(deps.folder, deps.config.DBT_RUNS_KEPT);
      loop.wake();
    },
    errors: { logger: deps.logger, waiting: 'dbt waits', expected: expectedFailure, onDefect: deps.defects('builder') },
  });
  return {
    wake: loop.wake,
    stop: async () => {
      stopping.abort();
      await deps.dbt.stop();
      await loop.stop();
    },
  };
}

/** Runs one build under its lease. Returns what is to be recorded, which is repeatable. */
async function runBuild(
  deps: BuildInTrace,
  dbt: DbtProcess,
  claim: DbtClaim,
  claimedAt: number,
  shutdown: AbortSignal,
): Promise<() => Promise<unknown>> {
  const { pool, config, span } = deps;
  const logger = deps.logger.child({ dbtRunId: claim.dbtRunId, epoch: claim.epoch });
  logger.info({ sources: claim.sources, onlyNodes: claim.onlyNodes ?? undefined }, 'dbt build started');
  const lease = holdLease({ pool, claim, claimedAt, dbt, logger, onDefect: deps.defects('lease') });
  const timeout = AbortSignal.timeout(config.DBT_TIMEOUT_SECONDS * 1_000);
  const kill = () => dbt.kill();
  const end = AbortSignal.any([lease.lost, shutdown, timeout]);
  end.addEventListener('abort', kill);
  try {
    end.throwIfAborted();
    await endEarlierDbtSessions(pool, config.DBT_TARGET, claim);
    const outcome = await build({ ...deps, logger }, dbt, claim);
    span.set({ 'dbt.nodes': outcome.results.length });
    if (outcome.error !== null) span.fail(outcome.error);
    failpoint('dbt.after_build_before_record');
    return () => finish(deps, claim, outcome, logger);
  } catch (error) {
    span.fail(errorMessage(error));
    if (lease.lost.aborted) {
      logger.warn({}, 'the build belongs to another dbt-runner: stopped');
      return async () => undefined;
    }
    if (shutdown.aborted) return () => releaseDbtRun(pool, claim, { counts: false });
    if (timeout.aborted) {
      const problem = `dbt did not finish within ${config.DBT_TIMEOUT_SECONDS} s (DBT_TIMEOUT_SECONDS)`;
      return () => finish(deps, claim, { outcome: 'failed', error: problem, results: [] }, logger);
    }
    if (expectedFailure(error) === undefined) deps.defects('builder')();
    logger.error({ err: error }, 'the build broke off and will be repeated');
    return () => releaseDbtRun(pool, claim, { counts: true });
  } finally {
    end.removeEventListener('abort', kill);
    lease.stop();
  }
}

async function finish(deps: BuilderDeps, claim: DbtClaim, outcome: DbtBuildOutcome, logger: Logger): Promise<void> {
  await saveProject(deps.pool, join(deps.folder, artifactFolder(claim.epoch)), logger);
  const isOurs = await finishDbtRun(deps.pool, claim, outcome);
  const nodes = outcome.results.length;
  if (!isOurs) logger.warn({ nodes }, 'the build belongs to another dbt-runner: its end was not recorded');
  else if (outcome.outcome === 'succeeded') logger.info({ nodes }, 'dbt build succeeded');
  else logger.error({ nodes }, `dbt build failed: ${outcome.error}`);
}
