import { sql, statement } from '@pipeline/postgres';
import type { InstanceSign } from './instance-sign.ts';
import { iso } from './instant.sql.ts';

const { bool, float8, int8, jsonb, nullable, text, timestamptz } = sql;

/** A process that has not said so for this long is not there any more, in seconds: three missed signs. */
const ALIVE_SECONDS = 16;

export const upsertInstance = statement({
  name: 'system.upsert_instance',
  text: `insert into pipeline.instances (id, service, version, started_at, state, memory_bytes, cpu, checks, settings, log_lines_dropped)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (id) do update set seen_at = clock_timestamp(), state = excluded.state, memory_bytes = excluded.memory_bytes, cpu = excluded.cpu,
           checks = excluded.checks, log_lines_dropped = excluded.log_lines_dropped`,
  parameters: {
    id: text,
    service: text,
    version: text,
    startedAt: timestamptz,
    state: text,
    memoryBytes: int8,
    cpu: float8,
    checks: jsonb(),
    settings: jsonb(),
    logLinesDropped: int8,
  },
});

export const deleteInstance = statement({
  name: 'system.delete_instance',
  text: 'delete from pipeline.instances where id = $1',
  parameters: { id: text },
});

export const selectInstances = statement({
  name: 'system.select_instances',
  text: `select id, service, version, ${iso('started_at')} as "startedAt", ${iso('seen_at')} as "seenAt",
                seen_at > clock_timestamp() - make_interval(secs => ${ALIVE_SECONDS}) as "isAlive",
                case when service = 'scheduler' and exists (select from pipeline.leaders l where l.name = 'scheduler' and l.holder = i.id and l.lease_until > clock_timestamp())
                     then 'leads' else state end as state,
                memory_bytes::float8 as "memoryBytes", cpu, checks
         from pipeline.instances i where seen_at > clock_timestamp() - interval '1 hour' order by service, started_at`,
  row: {
    id: text,
    service: text,
    version: text,
    startedAt: text,
    seenAt: text,
    isAlive: bool,
    state: text,
    memoryBytes: float8,
    cpu: float8,
    checks: jsonb<Record<string, string>>(),
  },
});

export const selectSettingsInForce = statement({
  name: 'system.select_settings_in_force',
  text: `select distinct on (service) service, settings from pipeline.instances
         where seen_at > clock_timestamp() - make_interval(secs => ${ALIVE_SECONDS}) order by service, started_at desc`,
  row: { service: text, settings: jsonb<InstanceSign['settings']>() },
});

export const selectDatabaseReport = statement({
  name: 'system.select_database_report',
  text: `select current_setting('server_version') as version, (select count(*) from pg_stat_activity)::float8 as connections,
                current_setting('max_connections')::float8 as "connectionsMax", pg_database_size(current_database())::float8 as bytes,
                (select count(*) from pipeline.outbox where published_at is null)::float8 as "outboxWaiting",
                (select coalesce(sum(log_lines_dropped), 0) from pipeline.instances)::float8 as "logLinesDropped"`,
  row: {
    version: text,
    connections: float8,
    connectionsMax: float8,
    bytes: float8,
    outboxWaiting: float8,
    logLinesDropped: float8,
  },
});

export const countViolations = statement({
  name: 'system.count_violations',
  text: 'select count(*)::float8 as count from pipeline.violations',
  row: { count: float8 },
});

export const selectLeader = statement({
  name: 'system.select_leader',
  text: `select from pipeline.leaders where name = 'scheduler' and lease_until > clock_timestamp()`,
});

export const selectAudit = statement({
  name: 'system.select_audit',
  text: `select id::text, ${iso('at')} as at, actor, action, target, details from pipeline.audit_log
         where ($1::text is null or actor = $1) and ($2::text is null or action = $2) and ($3::bigint is null or audit_log.id < $3)
         order by audit_log.id desc limit $4`,
  parameters: { actor: nullable(text), action: nullable(text), before: nullable(int8), limit: int8 },
  row: { id: text, at: text, actor: text, action: text, target: text, details: jsonb<Record<string, never>>() },
});

export const insertLogLines = statement({
  name: 'system.insert_log_lines',
  text: `insert into pipeline.log_lines (at, level, service, cycle_id, run_id, task_id, stream, message, fields)
         select x.at, x.level, x.service, x."cycleId", x."runId", x."taskId", x.stream, x.message, coalesce(x.fields, '{}')
         from jsonb_to_recordset($1::jsonb) as x(at timestamptz, level text, service text, "cycleId" uuid, "runId" uuid, "taskId" uuid, stream text,
                                                 message text, fields jsonb)`,
  parameters: { lines: jsonb() },
});
