import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { sendEvent } from '../cycle/outbox.ts';

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
  await pool.query(
    `insert into pipeline.dbt_runs as run (target, sources, cycle_ids)
     select $1, $2, array[$3::uuid]
     where not exists (select from pipeline.dbt_runs where cycle_ids @> array[$3::uuid])
     on conflict (target) where status = 'queued' do update
     set sources = array(select distinct unnest(run.sources || excluded.sources) order by 1),
         cycle_ids = array(select distinct unnest(run.cycle_ids || excluded.cycle_ids))`,
    [request.target, request.sources, request.cycleId],
  );
}

export interface DbtClaim {
  dbtRunId: string;
  epoch: number;
  sources: string[];
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
    const { rows } = await client.query<{ epoch: string }>(
      `update pipeline.dbt_runs
       set status = 'running', epoch = nextval('pipeline.epoch_seq'), attempts = attempts + 1, claimed_by = $2,
           started_at = clock_timestamp(), lease_until = clock_timestamp() + make_interval(secs => $3)
       where id = $1 returning epoch::text`,
      [row.id, options.claimedBy, (options.leaseMs ?? DBT_LEASE_MS) / 1000],
    );
    return { dbtRunId: row.id, epoch: Number(rows[0]?.epoch), sources: row.sources };
  });
}

interface Row {
  id: string;
  sources: string[];
  cycle_ids: string[];
  attempts: number;
}

/** The running row comes first; locking it before looking at the waiting one makes claims take turns. */
async function lockNext(client: PoolClient, target: string): Promise<Row | undefined> {
  const { rows } = await client.query<Row & { is_alive: boolean }>(
    `select id, sources, cycle_ids, attempts, coalesce(lease_until >= clock_timestamp(), false) as is_alive
     from pipeline.dbt_runs where target = $1 and status in ('queued', 'running')
     order by status = 'running' desc for update`,
    [target],
  );
  const next = rows[0];
  return next === undefined || next.is_alive ? undefined : next;
}

/** Says that the runner is alive. False: the build belongs to somebody else or is over, and dbt must stop. */
export async function renewDbtLease(pool: Pool, claim: DbtClaim, leaseMs: number = DBT_LEASE_MS): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update pipeline.dbt_runs set lease_until = clock_timestamp() + make_interval(secs => $3)
     where id = $1 and epoch = $2 and status = 'running' and lease_until > clock_timestamp()`,
    [claim.dbtRunId, claim.epoch, leaseMs / 1000],
  );
  return rowCount === 1;
}

/** Gives a build back, to be repeated by whoever asks next. With `counts: false`, for a shutdown, the attempt is forgotten. */
export async function releaseDbtRun(pool: Pool, claim: DbtClaim, options: { counts: boolean }): Promise<void> {
  await pool.query(
    `update pipeline.dbt_runs set lease_until = null, attempts = attempts - $3
     where id = $1 and epoch = $2 and status = 'running'`,
    [claim.dbtRunId, claim.epoch, options.counts ? 0 : 1],
  );
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
    const { rows } = await client.query<Row>(
      `select id, sources, cycle_ids, attempts from pipeline.dbt_runs
       where id = $1 and epoch = $2 and status = 'running' for update`,
      [claim.dbtRunId, claim.epoch],
    );
    const row = rows[0];
    if (row === undefined) return false;
    await finish(client, row, outcome);
    return true;
  });
}

async function finish(client: PoolClient, row: Row, outcome: DbtBuildOutcome): Promise<void> {
  await client.query(
    `update pipeline.dbt_runs
     set status = $2, error = $3, invocation_id = $4, finished_at = clock_timestamp(), lease_until = null where id = $1`,
    [row.id, outcome.outcome, outcome.error, outcome.invocationId ?? null],
  );
  await client.query(
    `insert into pipeline.dbt_results (dbt_run_id, unique_id, status, seconds, failures, message, reason)
     select $1, r."uniqueId", r.status, r.seconds, r.failures, r.message, r.reason
     from jsonb_to_recordset($2::jsonb)
       as r("uniqueId" text, status text, seconds float8, failures bigint, message text, reason text)`,
    [row.id, JSON.stringify(outcome.results)],
  );
  for (const cycleId of row.cycle_ids) {
    await sendEvent(client, { type: 'dbt.finished', cycleId, dbtRunId: row.id, outcome: outcome.outcome });
  }
}

/** The name that the sessions of a build have in `pg_stat_activity`. */
export function dbtSessionName(target: string, claim: DbtClaim): string {
  return `dbt/${target}/${claim.epoch}`;
}

/** Ends what earlier builds of the target still do in the database: a statement goes on when its client dies, and two builds at
 *  once would undo each other. Gives the number of sessions ended. */
export async function endEarlierDbtSessions(pool: Pool, target: string, claim: DbtClaim): Promise<number> {
  const { rows } = await pool.query<{ ended: boolean }>(
    `select pg_terminate_backend(pid, $3) as ended from pg_stat_activity
     where datname = current_database() and usename = current_user
       and starts_with(application_name, $1) and application_name <> $2`,
    [`dbt/${target}/`, dbtSessionName(target, claim), SESSION_END_TIMEOUT_MS],
  );
  return rows.length;
}
