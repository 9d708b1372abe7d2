import { sql, statement } from '@pipeline/postgres';
import { iso } from '../observe/instant.sql.ts';
import { dbtRunStatus } from '../status/index.ts';

const { text, texts, uuid, uuids, int8, float8, jsonb, nullable, oneOf } = sql;

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
const BUILD = {
  id: uuid,
  target: text,
  state: oneOf(dbtRunStatus.all),
  sources: texts,
  cycleIds: uuids,
  requestedAt: text,
  startedAt: nullable(text),
  finishedAt: nullable(text),
  seconds: nullable(float8),
  passed: float8,
  models: float8,
  testsPassed: float8,
  warned: float8,
  failed: float8,
  skipped: float8,
  error: nullable(text),
};

export const selectBuilds = statement({
  name: 'dbt.list_builds',
  text: `select ${COLUMNS} from (
           select * from pipeline.dbt_runs where $2::timestamptz is null or (requested_at, id) < ($2, $3::uuid)
           order by requested_at desc, id desc limit $1) d
         ${COUNTS} order by d.requested_at desc, d.id desc`,
  parameters: { limit: int8, afterAt: nullable(sql.timestamptz), afterId: nullable(uuid) },
  row: BUILD,
});

export const selectBuild = statement({
  name: 'dbt.select_build',
  text: `select ${COLUMNS} from pipeline.dbt_runs d ${COUNTS} where d.id = $1`,
  parameters: { id: uuid },
  row: BUILD,
});

export const selectBuildPlace = statement({
  name: 'dbt.select_build_place',
  text: 'select requested_at::text as at, id from pipeline.dbt_runs where id = $1',
  parameters: { id: uuid },
  row: { at: text, id: uuid },
});

export const selectNodeResults = statement({
  name: 'dbt.select_node_results',
  text: `select x.unique_id as id, split_part(x.unique_id, '.', 3) as name, split_part(x.unique_id, '.', 1) as kind, x.status, x.seconds,
                x.failures::float8 as failures, x.reason as message
         from pipeline.dbt_results x where x.dbt_run_id = $1 order by x.unique_id`,
  parameters: { buildId: uuid },
  row: {
    id: text,
    name: text,
    kind: text,
    status: text,
    seconds: float8,
    failures: nullable(float8),
    message: nullable(text),
  },
});

/** Builds in which the last result of a node is looked for: a build of one source has no result of another's nodes. */
const BUILDS_LOOKED_AT = 20;
const NEWEST = `newest as (select manifest_hash from pipeline.dbt_manifests order by seen_at desc limit 1)`;
const LAST_RESULTS = (condition: string) => `
  select distinct on (x.unique_id) x.unique_id, x.status, x.seconds, x.failures, x.reason
  from pipeline.dbt_results x
  join (select id, finished_at from pipeline.dbt_runs where finished_at is not null order by finished_at desc limit ${BUILDS_LOOKED_AT}) d
    on d.id = x.dbt_run_id
  where ${condition} order by x.unique_id, d.finished_at desc`;

/** A source's table belongs to the pipelines whose target schema it is in, whatever connection and stream are called. */
export const selectGraphNodes = statement({
  name: 'dbt.select_graph_nodes',
  text: `with ${NEWEST}, results as (${LAST_RESULTS(`x.status <> 'skipped'`)})
         select n.manifest_hash as hash, n.unique_id as id, n.kind, n.name, n.description, n.path, n.database_schema as "databaseSchema", n.relation,
                n.parents, n.compiled_sql as sql, n.test, r.status, r.seconds, r.failures::float8 as failures, r.reason as message,
                fed.pipelines, fed.connection,
                case when n.kind = 'source' then coalesce(t.stream, n.relation) end as stream
         from newest join pipeline.dbt_nodes n using (manifest_hash)
         left join results r on r.unique_id = n.unique_id
         left join pipeline.target_tables t on n.kind = 'source' and t.database_schema = n.database_schema and t.table_name = n.relation
         cross join lateral (
           select coalesce(array_agg(p.name order by p.name), '{}') as pipelines, min(p.connection) as connection
           from pipeline.pipelines p
           where n.kind = 'source' and pipeline.target_schema(p.name, coalesce(t.stream, n.relation), p.source) = n.database_schema) fed
         order by n.unique_id`,
  row: {
    hash: text,
    id: text,
    kind: text,
    name: text,
    description: text,
    path: text,
    databaseSchema: nullable(text),
    relation: nullable(text),
    parents: texts,
    sql: nullable(text),
    test: nullable(jsonb<{ name?: string; column?: string }>()),
    status: nullable(text),
    seconds: nullable(float8),
    failures: nullable(float8),
    message: nullable(text),
    pipelines: texts,
    connection: nullable(text),
    stream: nullable(text),
  },
});

/** What failed the last time, and what was left out because of it. */
export const selectNodesToRetry = statement({
  name: 'dbt.select_nodes_to_retry',
  text: `with ${NEWEST}, results as (${LAST_RESULTS('true')})
         select n.unique_id as id, n.kind, n.parents, r.status = 'skipped' as "isSkipped"
         from newest join pipeline.dbt_nodes n using (manifest_hash) join results r on r.unique_id = n.unique_id
         where r.status in ('fail', 'error', 'runtime error', 'partial success', 'skipped') order by n.unique_id`,
  row: { id: text, kind: text, parents: texts, isSkipped: sql.neverNull(sql.bool) },
});

export const selectNodeHistory = statement({
  name: 'dbt.select_node_history',
  text: `select d.id as "buildId", ${iso('d.finished_at')} as at, x.status, x.seconds, x.failures::float8 as failures
         from pipeline.dbt_runs d join pipeline.dbt_results x on x.dbt_run_id = d.id and x.unique_id = $1
         where d.finished_at is not null order by d.finished_at desc limit $2`,
  parameters: { id: text, limit: int8 },
  row: { buildId: uuid, at: text, status: text, seconds: float8, failures: nullable(float8) },
});

export const insertRequest = statement({
  name: 'dbt.insert_request',
  text: `insert into pipeline.dbt_runs as run (target, sources, cycle_ids, only_nodes, requested_by) values ($1, $2, '{}', $3, $4)
         on conflict (target) where status = 'queued' do update
         set sources = array(select distinct unnest(run.sources || excluded.sources) order by 1),
             only_nodes = case when run.only_nodes is null or excluded.only_nodes is null then null
                               else array(select distinct unnest(run.only_nodes || excluded.only_nodes) order by 1) end
         returning id`,
  parameters: { target: text, sources: texts, onlyNodes: nullable(texts), by: text },
  row: { id: uuid },
});

export const selectNewestTarget = statement({
  name: 'dbt.select_newest_target',
  text: 'select target from pipeline.dbt_runs order by requested_at desc limit 1',
  row: { target: text },
});
