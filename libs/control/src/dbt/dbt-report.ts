import type { Queryable } from '@pipeline/postgres';
import * as statements from './dbt-report.sql.ts';

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
  const run = await statements.selectEndedBuild.first(db, { cycleId });
  if (run !== undefined) return { error: run.status === 'succeeded' ? null : `dbt: ${run.error ?? run.status}` };
  if ((await statements.selectOverdueCycle.run(db, { cycleId, timeoutSeconds })) === 0) return undefined;
  return { error: `dbt: no response within ${timeoutSeconds} s: see the log of the dbt-runner` };
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

/** A cycle's last build, as it is or has ended. */
export interface DbtBuildReport {
  nodes: DbtNodeReport[];
  /** By the clock on the wall; dbt builds several nodes at once. Null: not ended. */
  seconds: number | null;
}

/** What became of a cycle's dbt nodes, and the wall time of the build in seconds; null: it has not ended, or there was none. */
export async function dbtBuild(db: Queryable, cycleId: string): Promise<DbtBuildReport> {
  const build = await statements.selectBuildSeconds.first(db, { cycleId });
  return { nodes: await statements.selectNodes.all(db, { cycleId }), seconds: build?.seconds ?? null };
}
