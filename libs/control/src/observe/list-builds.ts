import type { BuildItem, NodeResult } from '@pipeline/contracts/api';
import type { Queryable } from '@pipeline/postgres';
import type { z } from 'zod';
import { iso } from './instant.ts';
import type { After } from './list-runs.ts';

const COUNT = (statuses: string) => `(count(*) filter (where x.status in (${statuses})))::float8`;
const COLUMNS = `d.id, d.target, d.status as state, d.sources, d.cycle_ids as "cycleIds", ${iso('d.requested_at')} as "requestedAt",
  ${iso('d.started_at')} as "startedAt", ${iso('d.finished_at')} as "finishedAt",
  extract(epoch from coalesce(d.finished_at, clock_timestamp()) - d.started_at)::float8 as seconds,
  n.passed, n.models, n."testsPassed", n.warned, n.failed, n.skipped, d.error`;
const COUNTS = `cross join lateral (
  select ${COUNT(`'success', 'pass'`)} as passed,
         (count(*) filter (where x.status = 'success'))::float8 as models, (count(*) filter (where x.status = 'pass'))::float8 as "testsPassed",
         ${COUNT(`'warn'`)} as warned, ${COUNT(`'fail', 'error', 'runtime error'`)} as failed, ${COUNT(`'skipped'`)} as skipped
  from pipeline.dbt_results x where x.dbt_run_id = d.id) n`;

/** Newest first. */
export async function listBuilds(
  db: Queryable,
  page: { limit: number; after: After | undefined },
): Promise<BuildItem[]> {
  const { rows } = await db.query<BuildItem>(
    `select ${COLUMNS} from (
       select * from pipeline.dbt_runs where $2::timestamptz is null or (requested_at, id) < ($2, $3::uuid) order by requested_at desc, id desc limit $1) d
     ${COUNTS} order by d.requested_at desc, d.id desc`,
    [page.limit, page.after?.at ?? null, page.after?.id ?? null],
  );
  return rows;
}

export async function readBuild(db: Queryable, id: string): Promise<BuildItem | undefined> {
  const { rows } = await db.query<BuildItem>(`select ${COLUMNS} from pipeline.dbt_runs d ${COUNTS} where d.id = $1`, [
    id,
  ]);
  return rows[0];
}

export async function placeOfBuild(db: Queryable, id: string): Promise<After | undefined> {
  const { rows } = await db.query<After>('select requested_at::text as at, id from pipeline.dbt_runs where id = $1', [
    id,
  ]);
  return rows[0];
}

/** Results of a build, node by node; without values of records. */
export async function listNodeResults(db: Queryable, buildId: string): Promise<z.infer<typeof NodeResult>[]> {
  const { rows } = await db.query<z.infer<typeof NodeResult>>(
    `select x.unique_id as id, split_part(x.unique_id, '.', 3) as name, split_part(x.unique_id, '.', 1) as kind, x.status, x.seconds,
            x.failures::float8 as failures, x.reason as message
     from pipeline.dbt_results x where x.dbt_run_id = $1 order by x.unique_id`,
    [buildId],
  );
  return rows;
}

export interface NodeRow {
  id: string;
  kind: string;
  name: string;
  description: string;
  path: string;
  databaseSchema: string | null;
  relation: string | null;
  parents: string[];
  sql: string | null;
  test: { name?: string; column?: string } | null;
  status: string | null;
  seconds: number | null;
  failures: number | null;
  message: string | null;
}

/** The nodes of the newest manifest with the result of the last build that ran them. */
export async function listNodes(db: Queryable): Promise<{ manifestHash: string | null; nodes: NodeRow[] }> {
  const { rows } = await db.query<NodeRow & { hash: string }>(
    `with newest as (select manifest_hash from pipeline.dbt_manifests order by seen_at desc limit 1),
     results as (
       select distinct on (x.unique_id) x.unique_id, x.status, x.seconds, x.failures, x.reason
       from pipeline.dbt_results x
       join (select id, finished_at from pipeline.dbt_runs where finished_at is not null order by finished_at desc limit 20) d on d.id = x.dbt_run_id
       where x.status <> 'skipped' order by x.unique_id, d.finished_at desc)
     select n.manifest_hash as hash, n.unique_id as id, n.kind, n.name, n.description, n.path, n.database_schema as "databaseSchema", n.relation,
            n.parents, n.compiled_sql as sql, n.test, r.status, r.seconds, r.failures::float8 as failures, r.reason as message
     from newest join pipeline.dbt_nodes n using (manifest_hash) left join results r on r.unique_id = n.unique_id order by n.unique_id`,
  );
  return { manifestHash: rows[0]?.hash ?? null, nodes: rows.map(({ hash: _, ...node }) => node) };
}

export interface NodeHistory {
  buildId: string;
  at: string;
  status: string;
  seconds: number;
  failures: number | null;
}

const NODE_HISTORY = 40;

/** The newest results of a node. */
export async function listNodeHistory(db: Queryable, id: string): Promise<NodeHistory[]> {
  const { rows } = await db.query<NodeHistory>(
    `select d.id as "buildId", ${iso('d.finished_at')} as at, x.status, x.seconds, x.failures::float8 as failures
     from pipeline.dbt_runs d join pipeline.dbt_results x on x.dbt_run_id = d.id and x.unique_id = $1
     where d.finished_at is not null order by d.finished_at desc limit ${NODE_HISTORY}`,
    [id],
  );
  return rows;
}
