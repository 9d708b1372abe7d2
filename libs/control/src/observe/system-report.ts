import type { Instance } from '@pipeline/contracts/api';
import type { Queryable } from '@pipeline/postgres';
import { iso } from './instant.ts';

/** A process that has not said so for this long is not there any more, in seconds: three missed signs. */
const ALIVE_SECONDS = 16;

/** How a process says that it is there. */
export interface InstanceSign {
  id: string;
  service: string;
  version: string;
  startedAt: Date;
  state: string;
  memoryBytes: number;
  /** Share of one core since the last sign. */
  cpu: number;
  checks: Record<string, string>;
  settings: {
    name: string;
    value: string | null;
    isSecret: boolean;
    origin: 'default' | 'environment';
    description: string;
  }[];
  logLinesDropped: number;
}

/** Says that a process is there, and how it is. */
export async function signInstance(db: Queryable, sign: InstanceSign): Promise<void> {
  await db.query(
    `insert into pipeline.instances (id, service, version, started_at, state, memory_bytes, cpu, checks, settings, log_lines_dropped)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (id) do update set seen_at = clock_timestamp(), state = excluded.state, memory_bytes = excluded.memory_bytes, cpu = excluded.cpu,
       checks = excluded.checks, log_lines_dropped = excluded.log_lines_dropped`,
    [
      sign.id,
      sign.service,
      sign.version,
      sign.startedAt,
      sign.state,
      sign.memoryBytes,
      sign.cpu,
      JSON.stringify(sign.checks),
      JSON.stringify(sign.settings),
      sign.logLinesDropped,
    ],
  );
}

/** Takes a process that stops out of the list at once. */
export async function removeInstance(db: Queryable, id: string): Promise<void> {
  await db.query('delete from pipeline.instances where id = $1', [id]);
}

/** Processes of the last hour, by service. */
export async function listInstances(db: Queryable): Promise<Instance[]> {
  const { rows } = await db.query<Instance>(
    `select id, service, version, ${iso('started_at')} as "startedAt", ${iso('seen_at')} as "seenAt",
            seen_at > clock_timestamp() - make_interval(secs => ${ALIVE_SECONDS}) as "isAlive",
            case when service = 'scheduler' and exists (select from pipeline.leaders l where l.name = 'scheduler' and l.holder = i.id and l.lease_until > clock_timestamp())
                 then 'leads' else state end as state,
            memory_bytes::float8 as "memoryBytes", cpu, checks
     from pipeline.instances i where seen_at > clock_timestamp() - interval '1 hour' order by service, started_at`,
  );
  return rows;
}

/** Settings in force, as the processes that are there have read them. */
export async function listSettingsInForce(
  db: Queryable,
): Promise<{ service: string; settings: InstanceSign['settings'] }[]> {
  const { rows } = await db.query<{ service: string; settings: InstanceSign['settings'] }>(
    `select distinct on (service) service, settings from pipeline.instances
     where seen_at > clock_timestamp() - make_interval(secs => ${ALIVE_SECONDS}) order by service, started_at desc`,
  );
  return rows;
}

export interface DatabaseReport {
  version: string;
  connections: number;
  connectionsMax: number;
  bytes: number;
  outboxWaiting: number;
  logLinesDropped: number;
}

export async function readDatabaseReport(db: Queryable): Promise<DatabaseReport> {
  const { rows } = await db.query<DatabaseReport>(
    `select current_setting('server_version') as version, (select count(*) from pg_stat_activity)::float8 as connections,
            current_setting('max_connections')::float8 as "connectionsMax", pg_database_size(current_database())::float8 as bytes,
            (select count(*) from pipeline.outbox where published_at is null)::float8 as "outboxWaiting",
            (select coalesce(sum(log_lines_dropped), 0) from pipeline.instances)::float8 as "logLinesDropped"`,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('a statement that returns one row returned none');
  return row;
}

/** Rows of the view pipeline.violations: anything but 0 is a defect. Reads much: not for every second. */
export async function countViolations(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select count(*)::float8 as count from pipeline.violations');
  return rows[0]?.count ?? 0;
}

/** The leader is there. */
export async function hasLeader(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(
    `select from pipeline.leaders where name = 'scheduler' and lease_until > clock_timestamp()`,
  );
  return rowCount === 1;
}

export interface AuditRow {
  id: string;
  at: string;
  actor: string;
  action: string;
  target: string;
  details: Record<string, never>;
}

/** Who did what, newest first. */
export async function listAudit(
  db: Queryable,
  filter: { actor: string | null; action: string | null; before: string | null; limit: number },
): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>(
    `select id::text, ${iso('at')} as at, actor, action, target, details from pipeline.audit_log
     where ($1::text is null or actor = $1) and ($2::text is null or action = $2) and ($3::bigint is null or audit_log.id < $3)
     order by audit_log.id desc limit $4`,
    [filter.actor, filter.action, filter.before, filter.limit],
  );
  return rows;
}

/** Keeps lines of a log for the pages. */
export interface LogRow {
  at: string;
  level: string;
  service: string;
  cycleId: string | null;
  runId: string | null;
  taskId: string | null;
  stream: string | null;
  message: string;
  fields: object;
}

export async function insertLogLines(db: Queryable, lines: LogRow[]): Promise<void> {
  await db.query(
    `insert into pipeline.log_lines (at, level, service, cycle_id, run_id, task_id, stream, message, fields)
     select x.at, x.level, x.service, x."cycleId", x."runId", x."taskId", x.stream, x.message, coalesce(x.fields, '{}')
     from jsonb_to_recordset($1::jsonb) as x(at timestamptz, level text, service text, "cycleId" uuid, "runId" uuid, "taskId" uuid, stream text,
                                             message text, fields jsonb)`,
    [JSON.stringify(lines)],
  );
}
