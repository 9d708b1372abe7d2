import { sql, statement } from '@pipeline/postgres';

const { bool, int8, nullable, text, timestamptz, uuid } = sql;

export const lockOpenIncidents = statement({
  name: 'incident.lock_open_incidents',
  text: `select id::text, kind, subject, opened_at is not null as "isOpen", missed_at is not null as "isMissed"
           from pipeline.incidents where closed_at is null for update`,
  row: { id: text, kind: text, subject: text, isOpen: bool, isMissed: bool },
});

export const deleteIncident = statement({
  name: 'incident.delete_incident',
  text: 'delete from pipeline.incidents where id = $1',
  parameters: { id: int8 },
});

export const closeIncident = statement({
  name: 'incident.close_incident',
  text: 'update pipeline.incidents set closed_at = clock_timestamp() where id = $1',
  parameters: { id: int8 },
});

export const missIncident = statement({
  name: 'incident.miss_incident',
  text: 'update pipeline.incidents set missed_at = clock_timestamp() where id = $1',
  parameters: { id: int8 },
});

export const linkIncidents = statement({
  name: 'incident.link_incidents',
  text: `with recursive newest as (select manifest_hash from pipeline.dbt_manifests order by seen_at desc limit 1),
         nodes as (select n.* from pipeline.dbt_nodes n join newest using (manifest_hash)),
         failing as (select id, subject, since from pipeline.incidents where kind = 'dbt_node' and closed_at is null),
         ancestors as (
           select f.id, unnest(n.parents) as node from failing f join nodes n on n.unique_id = f.subject
           union
           select a.id, unnest(n.parents) from ancestors a join nodes n on n.unique_id = a.node),
         causes as (
           select distinct on (f.id) f.id, i.id as because_of
           from failing f join ancestors a on a.id = f.id
           join nodes n on n.unique_id = a.node and n.kind = 'source'
           left join pipeline.target_tables t on t.database_schema = n.database_schema and t.table_name = n.relation
           join pipeline.incidents i
             on i.closed_at is null and i.stream = coalesce(t.stream, n.relation) and i.kind in ('rejected_records', 'failed_stream', 'late_stream')
           join pipeline.pipelines p on p.name = i.pipeline
           where pipeline.target_schema(p.name, i.stream, p.source) = n.database_schema and i.since <= f.since
           order by f.id, i.since)
         update pipeline.incidents i set because_of = c.because_of
         from failing f left join causes c on c.id = f.id
         where i.id = f.id and i.because_of is distinct from c.because_of`,
});

export const insertIncident = statement({
  name: 'incident.insert_incident',
  text: `insert into pipeline.incidents (kind, subject, code, severity, title, cause, remedy, effect, pipeline, stream, run_id, since)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (kind, subject) where closed_at is null do nothing`,
  parameters: {
    kind: text,
    subject: text,
    code: text,
    severity: text,
    title: text,
    cause: text,
    remedy: text,
    effect: text,
    pipeline: nullable(text),
    stream: nullable(text),
    runId: nullable(uuid),
    since: timestamptz,
  },
});

export const updateIncident = statement({
  name: 'incident.update_incident',
  text: `update pipeline.incidents
         set code = $2, severity = $3, title = $4, cause = $5, remedy = $6, effect = $7, run_id = coalesce($8, run_id), missed_at = null,
             opened_at = coalesce(opened_at, clock_timestamp())
         where id = $1 and (opened_at is null or missed_at is not null or title <> $4 or cause <> $5 or effect <> $7 or run_id is distinct from coalesce($8, run_id))`,
  parameters: {
    id: int8,
    code: text,
    severity: text,
    title: text,
    cause: text,
    remedy: text,
    effect: text,
    runId: nullable(uuid),
  },
});
