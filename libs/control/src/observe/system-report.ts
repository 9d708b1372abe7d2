import type { Queryable, RowOf } from '@pipeline/postgres';
import type { Instance } from '@pipeline/protocol/api';
import type { InstanceSign } from './instance-sign.ts';
import * as statements from './system-report.sql.ts';

/** Says that a process is there, and how it is. */
export async function signInstance(db: Queryable, sign: InstanceSign): Promise<void> {
  await statements.upsertInstance.run(db, sign);
}

/** Takes a process that stops out of the list at once. */
export async function removeInstance(db: Queryable, id: string): Promise<void> {
  await statements.deleteInstance.run(db, { id });
}

/** Processes of the last hour, by service. */
export async function listInstances(db: Queryable): Promise<Instance[]> {
  return statements.selectInstances.all(db);
}

/** Settings in force, as the processes that are there have read them. */
export async function listSettingsInForce(
  db: Queryable,
): Promise<{ service: string; settings: InstanceSign['settings'] }[]> {
  return statements.selectSettingsInForce.all(db);
}

export interface DatabaseReport {
  version: string;
  connections: number;
  connectionsMax: number;
  bytes: number;
  outboxWaiting: number;
  logLinesDropped: number;
}

/** Version, size and connections of the database, messages that wait to be sent, log lines that were dropped. */
export async function readDatabaseReport(db: Queryable): Promise<DatabaseReport> {
  return statements.selectDatabaseReport.one(db);
}

/** Rows of the view pipeline.violations: anything but 0 is a defect. Reads much: not for every second. */
export async function countViolations(db: Queryable): Promise<number> {
  return (await statements.countViolations.one(db)).count;
}

/** The leader is there. */
export async function hasLeader(db: Queryable): Promise<boolean> {
  return (await statements.selectLeader.run(db)) === 1;
}

export type AuditRow = RowOf<typeof statements.selectAudit>;

/** Who did what, newest first. */
export async function listAudit(
  db: Queryable,
  filter: { actor: string | null; action: string | null; before: string | null; limit: number },
): Promise<AuditRow[]> {
  return statements.selectAudit.all(db, filter);
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

/** Keeps lines of the log of runs. */
export async function insertLogLines(db: Queryable, lines: LogRow[]): Promise<void> {
  await statements.insertLogLines.run(db, { lines });
}
