import { Check } from '@pipeline/contracts/api';
import { inTransaction, type Pool, type PoolClient, type Queryable } from '@pipeline/postgres';
import { sendCommand } from '../cycle/outbox.ts';

/** Settings and secrets of a check of something that is not saved yet, encrypted under {@link trialSecretName}. */
export interface TrialSettings {
  sealed: Buffer;
  keyId: string;
}

/** The name under which the settings of a trial are encrypted. */
export const trialSecretName = (checkId: string): string => `check/${checkId}`;

/** Asks the source's tap for a look at an account, in the caller's transaction: the command goes out if it commits. */
export async function requestCheck(
  client: PoolClient,
  check: { id: string; source: string; connection: string | null; trial: TrialSettings | null; requestedBy: string },
): Promise<void> {
  await client.query(
    `insert into pipeline.connection_checks (id, connection, source, sealed, key_id, requested_by) values ($1, $2, $3, $4, $5, $6)`,
    [
      check.id,
      check.connection,
      check.source,
      check.trial?.sealed ?? null,
      check.trial?.keyId ?? null,
      check.requestedBy,
    ],
  );
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
  const { rows } = await db.query<Omit<RequestedCheck, 'trial'> & { sealed: Buffer | null; keyId: string | null }>(
    `select id, source, connection, sealed, key_id as "keyId" from pipeline.connection_checks where id = $1 and finished_at is null`,
    [id],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { sealed, keyId, ...check } = row;
  return { ...check, trial: sealed === null || keyId === null ? null : { sealed, keyId } };
}

/** Records what a tap found. The secrets of a trial go with it. A check that came twice is recorded once. */
export async function saveCheck(db: Queryable, id: string, result: Check): Promise<void> {
  await db.query(
    `update pipeline.connection_checks set result = $2, finished_at = clock_timestamp(), sealed = null, key_id = null
     where id = $1 and finished_at is null`,
    [id, JSON.stringify(result)],
  );
}

/** Records a look that a tap had without being asked: at its start, after a change. */
export async function recordCheck(
  db: Queryable,
  check: { connection: string; source: string; result: Check },
): Promise<void> {
  await db.query(
    `insert into pipeline.connection_checks (connection, source, requested_by, finished_at, result)
     values ($1, $2, 'tap', clock_timestamp(), $3)`,
    [check.connection, check.source, JSON.stringify(check.result)],
  );
}

export interface CheckState {
  isDone: boolean;
  result: Check | null;
}

/** How far a check is. Undefined: there is none. */
export async function readCheck(db: Queryable, id: string): Promise<CheckState | undefined> {
  const { rows } = await db.query<{ isDone: boolean; result: unknown }>(
    `select finished_at is not null as "isDone", result from pipeline.connection_checks where id = $1`,
    [id],
  );
  const row = rows[0];
  return row === undefined ? undefined : { isDone: row.isDone, result: toCheck(row.result) };
}

/** The newest result of each connection, and whether one is asked for. */
export async function newestChecks(db: Queryable): Promise<Map<string, { result: Check | null; isChecking: boolean }>> {
  const { rows } = await db.query<{ connection: string; result: unknown; isChecking: boolean }>(
    `select c.name as connection, newest.result,
            exists (select from pipeline.connection_checks w where w.connection = c.name and w.finished_at is null
                    and w.requested_at > clock_timestamp() - interval '5 minutes') as "isChecking"
     from pipeline.connections c
     left join lateral (select result from pipeline.connection_checks k where k.connection = c.name and k.finished_at is not null
                        order by k.requested_at desc limit 1) newest on true
     where c.removed_at is null`,
  );
  return new Map(rows.map((row) => [row.connection, { result: toCheck(row.result), isChecking: row.isChecking }]));
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
