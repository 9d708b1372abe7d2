import type { Queryable } from '@pipeline/postgres';

/** How dbt ended for a cycle. */
export interface DbtOutcome {
  /** Null: every node succeeded. */
  error: string | null;
}

/** What became of the cycle's build. Undefined: it is still to come. After `timeoutSeconds` a build that has not ended counts as failed. */
export async function dbtOutcome(
  db: Queryable,
  cycleId: string,
  timeoutSeconds: number,
): Promise<DbtOutcome | undefined> {
  const { rows } = await db.query<{ status: string; error: string | null }>(
    `select status, error from pipeline.dbt_runs where cycle_ids @> array[$1::uuid] and finished_at is not null
     order by finished_at desc limit 1`,
    [cycleId],
  );
  const run = rows[0];
  if (run !== undefined) return { error: run.status === 'succeeded' ? null : `dbt: ${run.error ?? run.status}` };
  const { rowCount } = await db.query(
    `select from pipeline.cycles where id = $1 and transforming_at < clock_timestamp() - make_interval(secs => $2)`,
    [cycleId, timeoutSeconds],
  );
  if (rowCount === 0) return undefined;
  return { error: `dbt: no answer within ${timeoutSeconds} s: see the log of the dbt-runner` };
}

/** One node of a build, for the table at the end of a cycle. */
export interface DbtNodeReport {
  uniqueId: string;
  /** As dbt says it: `success`, `pass`, `warn`, `error`, `fail`, `skipped`. */
  status: string;
  seconds: number;
  /** Without values of records; `pipeline.dbt_results.message` has dbt's own words. */
  message: string | null;
}

/** The nodes of the cycle's last build. */
export async function dbtNodes(db: Queryable, cycleId: string): Promise<DbtNodeReport[]> {
  const { rows } = await db.query<DbtNodeReport>(
    `select unique_id as "uniqueId", status, seconds, reason as message
     from pipeline.dbt_results
     where dbt_run_id = (select id from pipeline.dbt_runs where cycle_ids @> array[$1::uuid] order by requested_at desc limit 1)
     order by unique_id`,
    [cycleId],
  );
  return rows;
}
