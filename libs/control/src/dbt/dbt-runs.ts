import { inTransaction, type Pool, type PoolClient, type RowOf } from '@pipeline/postgres';
import { sendEvent } from '../cycle/outbox.ts';
import { insertRequest } from './builds.sql.ts';
import * as statements from './dbt-runs.sql.ts';

/** A claimed build lives this long without a sign from its dbt-runner, in milliseconds. */
export const DBT_LEASE_MS = 30_000;

/** Attempts of one build before it fails. Interruptions by a shutdown do not count. */
export const DBT_ATTEMPTS_MAX = 3;

const SESSION_END_TIMEOUT_MS = 5_000;

/** Asks for a build of what these sources feed. A build that waits takes the request in; one that runs does not, because it
 *  may have passed the source already. A cycle asks once, however often its event arrives. */
export async function requestDbtRun(
  pool: Pool,
  request: { target: string; cycleId: string; sources: string[] },
): Promise<void> {
  await statements.upsertRequest.run(pool, request);
}

/** Asks for a build that no cycle asked for, and wakes the dbt-runner. A build that waits takes it in. Returns its id.
 *  @param build.onlyNodes ids of nodes; null: all that the sources feed */
export async function requestBuild(
  client: PoolClient,
  build: { target: string; sources: string[]; onlyNodes: string[] | null; by: string },
): Promise<string> {
  const { id: dbtRunId } = await insertRequest.one(client, build);
  await sendEvent(client, { type: 'dbt.requested', dbtRunId });
  return dbtRunId;
}

export interface DbtClaim {
  dbtRunId: string;
  epoch: number;
  sources: string[];
  /** The cycles that asked for it. */
  cycleIds: string[];
  /** Ids of nodes: they and what depends on them are built. Null: all that the sources feed. */
  onlyNodes: string[] | null;
}

/** Takes the target's next build: one whose runner died, else the one that waits. Undefined when there is none or another
 *  build of the target is alive: the index `one_running_dbt_run` allows no second. */
export async function claimDbtRun(
  pool: Pool,
  options: { target: string; claimedBy: string; leaseMs?: number },
): Promise<DbtClaim | undefined> {
  return inTransaction(pool, async (client) => {
    const row = await lockNext(client, options.target);
    if (row === undefined) return undefined;
    if (row.attempts >= DBT_ATTEMPTS_MAX) {
      const error = `the dbt-runner died in each of ${row.attempts} attempts`;
      await finish(client, row, { outcome: 'failed', error, results: [] });
      return undefined;
    }
    const { epoch } = await statements.startBuild.one(client, {
      dbtRunId: row.id,
      claimedBy: options.claimedBy,
      leaseSeconds: (options.leaseMs ?? DBT_LEASE_MS) / 1000,
    });
    return {
      dbtRunId: row.id,
      epoch: Number(epoch),
      sources: row.sources,
      cycleIds: row.cycle_ids,
      onlyNodes: row.only_nodes,
    };
  });
}

type Build = RowOf<typeof statements.lockOwnBuild>;

/** The running row comes first; locking it before looking at the waiting one makes claims take turns. */
async function lockNext(client: PoolClient, target: string): Promise<Build | undefined> {
  const next = await statements.lockLiveBuilds.first(client, { target });
  return next === undefined || next.is_alive ? undefined : next;
}

/** Says that the runner is alive. False: the build belongs to somebody else or is over, and dbt must stop. */
export async function renewDbtLease(pool: Pool, claim: DbtClaim, leaseMs: number = DBT_LEASE_MS): Promise<boolean> {
  const { dbtRunId, epoch } = claim;
  return (await statements.renewLease.run(pool, { dbtRunId, epoch, leaseSeconds: leaseMs / 1000 })) === 1;
}

/** Releases a build, to be repeated by whoever asks next. With `counts: false`, for a shutdown, the attempt is forgotten. */
export async function releaseDbtRun(pool: Pool, claim: DbtClaim, options: { counts: boolean }): Promise<void> {
  const { dbtRunId, epoch } = claim;
  await statements.releaseBuild.run(pool, { dbtRunId, epoch, uncounted: options.counts ? 0 : 1 });
}

export interface DbtNodeResult {
  /** `model.pipeline.stg_hubspot__deals` */
  uniqueId: string;
  /** As dbt spells it: success, pass, warn, fail, error, skipped, runtime error. */
  status: string;
  seconds: number;
  failures: number | null;
  /** In dbt's words; may quote values of records, so it is stored and not logged. */
  message: string | null;
  /** The same without them. */
  reason: string | null;
}

export interface DbtBuildOutcome {
  outcome: 'succeeded' | 'failed';
  /** Without values of records. */
  error: string | null;
  invocationId?: string;
  results: DbtNodeResult[];
}

/** Records how a build ended, node by node, and tells every cycle that asked for it, in one transaction. False: the build
 *  belongs to somebody else by now, and nothing was written. */
export async function finishDbtRun(pool: Pool, claim: DbtClaim, outcome: DbtBuildOutcome): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const row = await statements.lockOwnBuild.first(client, { dbtRunId: claim.dbtRunId, epoch: claim.epoch });
    if (row === undefined) return false;
    await finish(client, row, outcome);
    return true;
  });
}

async function finish(client: PoolClient, row: Build, outcome: DbtBuildOutcome): Promise<void> {
  await statements.endBuild.run(client, {
    dbtRunId: row.id,
    status: outcome.outcome,
    error: outcome.error,
    invocationId: outcome.invocationId ?? null,
  });
  await statements.insertResults.run(client, { dbtRunId: row.id, results: outcome.results });
  for (const cycleId of row.cycle_ids) {
    await sendEvent(client, { type: 'dbt.finished', cycleId, dbtRunId: row.id, outcome: outcome.outcome });
  }
}

/** The name that the sessions of a build have in `pg_stat_activity`. */
export function dbtSessionName(target: string, claim: DbtClaim): string {
  return `dbt/${target}/${claim.epoch}`;
}

/** Ends what earlier builds of the target still do in the database: a statement goes on when its client dies, and two builds at
 *  once would undo each other. Returns the number of sessions ended. */
export async function endEarlierDbtSessions(pool: Pool, target: string, claim: DbtClaim): Promise<number> {
  const ended = await statements.terminateEarlierSessions.all(pool, {
    prefix: `dbt/${target}/`,
    own: dbtSessionName(target, claim),
    timeoutMs: SESSION_END_TIMEOUT_MS,
  });
  return ended.length;
}
