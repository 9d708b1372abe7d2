import { inTransaction, type Pool, type PoolClient, type Queryable } from '@pipeline/postgres';
import { Check } from '@pipeline/protocol/api';
import { sendCommand } from '../cycle/outbox.ts';
import { PIPELINE_ALIVE_MS } from '../cycle/pipelines.ts';
import * as statements from './checks.sql.ts';

/** Settings and secrets of a check of something that is not saved yet, encrypted under {@link trialSecretName}. */
export interface TrialSettings {
  sealed: Buffer;
  keyId: string;
}

/** The name under which the settings of a trial are encrypted. */
export const trialSecretName = (checkId: string): string => `check/${checkId}`;

/** Asks the source's tap for a look at an account, in the caller's transaction: the command goes out if it commits. */
export async function requestCheck(client: PoolClient, check: RequestedCheck & { requestedBy: string }): Promise<void> {
  const { trial, ...rest } = check;
  await statements.insertCheck.run(client, { ...rest, sealed: trial?.sealed ?? null, keyId: trial?.keyId ?? null });
  await sendCommand(client, { type: 'check', source: check.source, checkId: check.id });
}

export interface RequestedCheck {
  id: string;
  source: string;
  /** Null: of settings that are not saved. */
  connection: string | null;
  trial: TrialSettings | null;
}

/** What a tap is to look at. Undefined: it is done, or given up. */
export async function readRequestedCheck(db: Queryable, id: string): Promise<RequestedCheck | undefined> {
  const row = await statements.selectRequestedCheck.first(db, { id });
  if (row === undefined) return undefined;
  const { sealed, keyId, ...check } = row;
  return { ...check, trial: sealed === null || keyId === null ? null : { sealed, keyId } };
}

/** Records what a tap found. The secrets of a trial go with it. A check that came twice is recorded once. */
export async function saveCheck(db: Queryable, id: string, result: Check): Promise<void> {
  await statements.finishCheck.run(db, { id, result });
}

/** Records a look that a tap had without being asked: at its start, after a change. */
export async function recordCheck(
  db: Queryable,
  check: { connection: string; source: string; result: Check },
): Promise<void> {
  await statements.insertFinishedCheck.run(db, check);
}

export interface CheckState {
  isDone: boolean;
  result: Check | null;
}

/** How far a check is. Undefined: there is none. */
export async function readCheck(db: Queryable, id: string): Promise<CheckState | undefined> {
  const row = await statements.selectCheck.first(db, { id });
  return row === undefined ? undefined : { isDone: row.isDone, result: toCheck(row.result) };
}

/** The newest result of each connection, and whether one is asked for. */
export async function newestChecks(db: Queryable): Promise<Map<string, { result: Check | null; isChecking: boolean }>> {
  const rows = await statements.selectNewestChecks.all(db);
  return new Map(rows.map((row) => [row.connection, { result: toCheck(row.result), isChecking: row.isChecking }]));
}

/** Connections that a living tap serves and at which nobody has looked for so long. One that was never looked at is its tap's own business. */
export async function listStaleChecks(
  db: Queryable,
  olderThanSeconds: number,
): Promise<{ name: string; source: string }[]> {
  return statements.selectStaleChecks.all(db, { olderThanSeconds, aliveSeconds: PIPELINE_ALIVE_MS / 1000 });
}

/** Asks for a check outside of any other change. Returns its id. */
export async function requestConnectionCheck(
  pool: Pool,
  connection: { name: string; source: string },
  requestedBy: string,
): Promise<string> {
  const id = crypto.randomUUID();
  await inTransaction(pool, (client) =>
    requestCheck(client, { id, source: connection.source, connection: connection.name, trial: null, requestedBy }),
  );
  return id;
}

function toCheck(result: unknown): Check | null {
  const parsed = Check.safeParse(result);
  return parsed.success ? parsed.data : null;
}
