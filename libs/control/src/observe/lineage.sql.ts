import { sql, statement } from '@pipeline/postgres';
import { attemptOutcome, dbtRunStatus } from '../status/index.ts';

const { text, texts, uuid, int8, float8, timestamptz, nullable, neverNull, oneOf } = sql;

/** Attempts of the cycles that are under way or ended within this time; the newest cycles first. */
export const selectRecentAttempts = statement({
  name: 'lineage.recent_attempts',
  text: `select a.epoch, a.task_id as "taskId", a.pipeline, t.source, a.stream, c.id as "cycleId", a.started_at as "startedAt",
                coalesce(a.finished_at, a.extracted_at, a.started_at) as "endedAt", a.outcome, a.error
         from (select id from pipeline.cycles
               where finished_at is null or finished_at > clock_timestamp() - make_interval(secs => $1)
               order by started_at desc limit $2) c
         join pipeline.runs r on r.cycle_id = c.id join pipeline.tasks t on t.run_id = r.id join pipeline.attempts a on a.task_id = t.id
         order by a.epoch`,
  parameters: { seconds: float8, cyclesMax: int8 },
  row: {
    epoch: int8,
    taskId: uuid,
    pipeline: text,
    source: text,
    stream: text,
    cycleId: uuid,
    startedAt: timestamptz,
    endedAt: neverNull(timestamptz),
    outcome: nullable(oneOf(attemptOutcome.all)),
    error: nullable(text),
  },
});

/** The tables of the streams that an attempt announced, whatever they are called, with the rows it loaded. */
export const selectAttemptTables = statement({
  name: 'lineage.attempt_tables',
  text: `select s.stream, t.database_schema as "databaseSchema", t.table_name as "table", coalesce(l.rows, 0)::float8 as rows,
                array(select c.column_name from pipeline.target_columns c
                      where c.database_schema = t.database_schema and c.stream = t.stream order by 1) as columns
         from pipeline.attempts a
         join pipeline.tasks k on k.id = a.task_id
         cross join lateral (
           select jsonb_object_keys(m.manifest -> 'streams') as stream from pipeline.manifests m where m.epoch = a.epoch
           union select a.stream) s
         left join pipeline.target_tables t
           on t.stream = s.stream and t.database_schema = pipeline.target_schema(a.pipeline, s.stream, k.source)
         left join lateral (select sum(g.rows - g.rejected) as rows from pipeline.ledger g where g.epoch = a.epoch and g.stream = s.stream) l on true
         where a.epoch = $1 order by s.stream`,
  parameters: { epoch: int8 },
  row: {
    stream: neverNull(text),
    databaseSchema: nullable(text),
    table: nullable(text),
    rows: neverNull(float8),
    columns: neverNull(texts),
  },
});

export const selectRecentBuilds = statement({
  name: 'lineage.recent_builds',
  text: `select id, target, cycle_ids as "cycleIds", status, error, started_at as "startedAt", coalesce(finished_at, started_at) as "endedAt"
         from pipeline.dbt_runs
         where started_at is not null and (finished_at is null or finished_at > clock_timestamp() - make_interval(secs => $1))
         order by started_at desc limit $2`,
  parameters: { seconds: float8, buildsMax: int8 },
  row: {
    id: uuid,
    target: text,
    cycleIds: sql.uuids,
    status: oneOf(dbtRunStatus.all),
    error: nullable(text),
    startedAt: neverNull(timestamptz),
    endedAt: neverNull(timestamptz),
  },
});

/** What a build made, and of what. */
export const selectBuiltModels = statement({
  name: 'lineage.built_models',
  text: `with newest as (select manifest_hash from pipeline.dbt_manifests order by seen_at desc limit 1)
         select n.unique_id as id, n.kind, n.name, n.database_schema as "databaseSchema", n.relation as "table", x.status, x.reason,
                array(select p.database_schema || '.' || p.relation from pipeline.dbt_nodes p
                      where p.manifest_hash = n.manifest_hash and p.unique_id = any(n.parents) and p.relation is not null order by 1) as parents
         from newest join pipeline.dbt_nodes n using (manifest_hash)
         join pipeline.dbt_results x on x.dbt_run_id = $1 and x.unique_id = n.unique_id
         where n.kind in ('model', 'seed', 'snapshot') and n.relation is not null and x.status <> 'skipped' order by n.unique_id`,
  parameters: { buildId: uuid },
  row: {
    id: text,
    kind: text,
    name: text,
    databaseSchema: nullable(text),
    table: neverNull(text),
    status: text,
    reason: nullable(text),
    parents: neverNull(texts),
  },
});
