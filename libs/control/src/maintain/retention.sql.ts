import { sql, statement } from '@pipeline/postgres';

const { int4, int8 } = sql;

/** Deletes rows of a table whose instant is more than so many days past. */
function pruneTable(table: string, instant: string, condition = 'true') {
  return statement({
    name: `retention.${table}`,
    text: `delete from pipeline.${table} where ${instant} < clock_timestamp() - make_interval(days => $1) and ${condition}`,
    parameters: { days: int4 },
  });
}

const CLOSED = `status <> 'open'`;
const NOT_NEWEST = 'seen_at < (select max(seen_at) from pipeline.dbt_manifests)';

export const pruneAudit = pruneTable('audit_log', 'at');
export const pruneChecks = pruneTable('connection_checks', 'requested_at');
export const pruneConsents = pruneTable('consents', 'expires_at');
export const pruneCycles = pruneTable('cycles', 'finished_at');
export const pruneDbtRuns = pruneTable('dbt_runs', 'finished_at');
export const pruneDeadLetters = pruneTable('dead_letters', 'archived_at', CLOSED);
export const pruneDeliveryErrors = pruneTable('delivery_errors', 'at');
export const pruneEgressDays = pruneTable('egress_days', 'day');
export const pruneIdempotencyKeys = pruneTable('idempotency_keys', 'created_at');
export const pruneIncidents = pruneTable('incidents', 'closed_at');
export const pruneInstances = pruneTable('instances', 'seen_at');
export const pruneLogLines = pruneTable('log_lines', 'at');
export const pruneManifests = pruneTable('dbt_manifests', 'seen_at', NOT_NEWEST);
export const pruneObstacles = pruneTable('obstacles', 'seen_at');
export const pruneOutbox = pruneTable('outbox', 'published_at');
export const pruneRejected = pruneTable('rejected_records', 'rejected_at', CLOSED);
export const pruneSessions = pruneTable('sessions', 'expires_at');
export const pruneStreamHours = pruneTable('stream_hours', 'hour');

export const pruneStates = statement({
  name: 'retention.states',
  text: `delete from pipeline.states where id in (
           select id from (select id, row_number() over (partition by pipeline, stream order by id desc) as age from pipeline.states) s
           where age > $1)`,
  parameters: { kept: int8 },
});
