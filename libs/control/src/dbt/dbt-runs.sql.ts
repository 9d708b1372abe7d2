import { sql, statement } from '@pipeline/postgres';
import { dbtRunStatus } from '../status/index.ts';

const { text, texts, uuid, uuids, int4, int8, bool, float8, jsonb, nullable, oneOf } = sql;

const BUILD = { id: uuid, sources: texts, only_nodes: nullable(texts), cycle_ids: uuids, attempts: int4 };

export const upsertRequest = statement({
  name: 'dbt.upsert_request',
  text: `insert into pipeline.dbt_runs as run (target, sources, cycle_ids)
         select $1, $2, array[$3::uuid]
         where not exists (select from pipeline.dbt_runs where cycle_ids @> array[$3::uuid])
         on conflict (target) where status = 'queued' do update
         set sources = array(select distinct unnest(run.sources || excluded.sources) order by 1),
             cycle_ids = array(select distinct unnest(run.cycle_ids || excluded.cycle_ids)), only_nodes = null`,
  parameters: { target: text, sources: texts, cycleId: uuid },
});

const start = dbtRunStatus.change(['queued', 'running'], ['running']);
export const startBuild = statement({
  name: 'dbt.start',
  text: `update pipeline.dbt_runs
         set ${start.set}, epoch = nextval('pipeline.epoch_seq'), attempts = attempts + 1, claimed_by = $2,
             started_at = clock_timestamp(), lease_until = clock_timestamp() + make_interval(secs => $3)
         where id = $1 returning epoch::text`,
  parameters: { dbtRunId: uuid, claimedBy: text, leaseSeconds: float8 },
  row: { epoch: text },
});

export const lockLiveBuilds = statement({
  name: 'dbt.lock_live',
  text: `select id, sources, only_nodes, cycle_ids, attempts, coalesce(lease_until >= clock_timestamp(), false) as is_alive
         from pipeline.dbt_runs where target = $1 and ${dbtRunStatus.is(dbtRunStatus.live)}
         order by status = 'running' desc for update`,
  parameters: { target: text },
  row: { ...BUILD, is_alive: bool },
});

export const renewLease = statement({
  name: 'dbt.renew_lease',
  text: `update pipeline.dbt_runs set lease_until = clock_timestamp() + make_interval(secs => $3)
         where id = $1 and epoch = $2 and status = 'running' and lease_until > clock_timestamp()`,
  parameters: { dbtRunId: uuid, epoch: int8, leaseSeconds: float8 },
});

export const releaseBuild = statement({
  name: 'dbt.release',
  text: `update pipeline.dbt_runs set lease_until = null, attempts = attempts - $3
         where id = $1 and epoch = $2 and status = 'running'`,
  parameters: { dbtRunId: uuid, epoch: int8, uncounted: int4 },
});

export const lockOwnBuild = statement({
  name: 'dbt.lock_own',
  text: `select id, sources, only_nodes, cycle_ids, attempts from pipeline.dbt_runs
         where id = $1 and epoch = $2 and status = 'running' for update`,
  parameters: { dbtRunId: uuid, epoch: int8 },
  row: BUILD,
});

const end = dbtRunStatus.change(['queued', 'running'], ['failed']);
const succeed = dbtRunStatus.change(['running'], ['succeeded', 'failed']);
export const endBuild = statement({
  name: 'dbt.end',
  text: `update pipeline.dbt_runs
         set status = $2, error = $3, invocation_id = $4, finished_at = clock_timestamp(), lease_until = null where id = $1`,
  parameters: {
    dbtRunId: uuid,
    status: oneOf([...end.to, ...succeed.to]),
    error: nullable(text),
    invocationId: nullable(text),
  },
});

export const insertResults = statement({
  name: 'dbt.insert_results',
  text: `insert into pipeline.dbt_results (dbt_run_id, unique_id, status, seconds, failures, message, reason)
         select $1, r."uniqueId", r.status, r.seconds, r.failures, r.message, r.reason
         from jsonb_to_recordset($2::jsonb)
           as r("uniqueId" text, status text, seconds float8, failures bigint, message text, reason text)`,
  parameters: { dbtRunId: uuid, results: jsonb() },
});

export const terminateEarlierSessions = statement({
  name: 'dbt.terminate_earlier_sessions',
  text: `select pg_terminate_backend(pid, $3) as ended from pg_stat_activity
         where datname = current_database() and usename = current_user
           and starts_with(application_name, $1) and application_name <> $2`,
  parameters: { prefix: text, own: text, timeoutMs: int8 },
  row: { ended: bool },
});
