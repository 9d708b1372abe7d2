import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import type { Problem } from './problem.ts';

interface Known {
  id: string;
  kind: string;
  subject: string;
  isOpen: boolean;
  isMissed: boolean;
}

/** Compares what is wrong now with what was: a problem that two looks have seen becomes an incident, one that two looks have missed is over.
 *  Returns whether anything opened or closed. */
export async function reconcileIncidents(pool: Pool, problems: Problem[]): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<Known>(
      `select id::text, kind, subject, opened_at is not null as "isOpen", missed_at is not null as "isMissed"
       from pipeline.incidents where closed_at is null for update`,
    );
    const known = new Map(rows.map((row) => [`${row.kind}\n${row.subject}`, row]));
    let isChanged = false;
    for (const problem of problems) {
      const key = `${problem.kind}\n${problem.subject}`;
      const incident = known.get(key);
      known.delete(key);
      if (incident === undefined) await insert(client, problem);
      else await update(client, incident, problem);
      isChanged ||= incident?.isOpen === false;
    }
    for (const incident of known.values()) {
      await miss(client, incident);
      isChanged ||= incident.isOpen && incident.isMissed;
    }
    return isChanged;
  });
}

function insert(client: PoolClient, problem: Problem) {
  return client.query(
    `insert into pipeline.incidents (kind, subject, code, severity, title, cause, remedy, effect, pipeline, stream, run_id, since)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (kind, subject) where closed_at is null do nothing`,
    [
      problem.kind,
      problem.subject,
      ...wordsOf(problem),
      problem.pipeline,
      problem.stream,
      problem.runId,
      problem.since,
    ],
  );
}

function update(client: PoolClient, { id }: Known, problem: Problem) {
  return client.query(
    `update pipeline.incidents
     set code = $2, severity = $3, title = $4, cause = $5, remedy = $6, effect = $7, run_id = coalesce($8, run_id), missed_at = null,
         opened_at = coalesce(opened_at, clock_timestamp())
     where id = $1 and (opened_at is null or missed_at is not null or title <> $4 or cause <> $5 or effect <> $7 or run_id is distinct from coalesce($8, run_id))`,
    [id, ...wordsOf(problem), problem.runId],
  );
}

const wordsOf = ({ code, severity, title, cause, remedy, effect }: Problem) => [
  code,
  severity,
  title,
  cause,
  remedy,
  effect,
];

async function miss(client: PoolClient, { id, isOpen, isMissed }: Known): Promise<void> {
  if (!isOpen) await client.query('delete from pipeline.incidents where id = $1', [id]);
  else if (isMissed)
    await client.query('update pipeline.incidents set closed_at = clock_timestamp() where id = $1', [id]);
  else await client.query('update pipeline.incidents set missed_at = clock_timestamp() where id = $1', [id]);
}

/** Hangs incidents of dbt nodes under the incident of a stream that they are built from, if that was there first; and writes under each
 *  stream's incident which models are stale with it. */
export async function linkIncidents(pool: Pool): Promise<void> {
  await pool.query(
    `with recursive newest as (select manifest_hash from pipeline.dbt_manifests order by seen_at desc limit 1),
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
  );
}
