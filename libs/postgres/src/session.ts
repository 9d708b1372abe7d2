import pg from 'pg';

/** No statement of ours takes longer in health; dbt has connections of its own. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;
/** Longer than any HTTP call made inside a transaction (a token refresh, 15 s). */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

const pooled = new WeakSet<object>();

/** Sets the time-outs of a new connection, and keeps the server from compiling its statements, which takes longer than any of them: as settings of the session, for a pooler (pgbouncer) refuses them as parameters of the start-up. Behind
 *  a pooler that lends a server connection for one transaction nothing may stay in the session: there each transaction sets its own. */
export async function prepareSession(client: pg.ClientBase): Promise<void> {
  const processId = 'processID' in client && typeof client.processID === 'number' ? client.processID : 0;
  // A pooler makes up the process id that it tells its clients.
  const { rows } = await client.query<{ pid: number }>(
    `select pg_backend_pid() as pid,
       set_config('statement_timeout', '${STATEMENT_TIMEOUT_MS}', pg_backend_pid() <> ${processId}),
       set_config('idle_in_transaction_session_timeout', '${IDLE_IN_TRANSACTION_TIMEOUT_MS}', pg_backend_pid() <> ${processId}),
       set_config('jit', 'off', pg_backend_pid() <> ${processId})`,
  );
  if (rows[0]?.pid !== processId) pooled.add(client);
}

/** Whether the client talks to a pooler, so that its next transaction may be on another server connection: temporary tables and settings
 *  last for one transaction. */
export function isPooled(client: object): boolean {
  return pooled.has(client);
}

/** What begins a transaction. */
export function beginStatement(client: object): string {
  if (!isPooled(client)) return 'begin';
  return `begin; set local statement_timeout = ${STATEMENT_TIMEOUT_MS}; set local idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_TIMEOUT_MS}; set local jit = off`;
}

/** A statement that comes again and again as it is best sent to this client: by name, so that its session parses and plans it once. Without a name
 *  where nobody knows which session is next. */
export function repeated(db: object, query: { name: string; text: string; values: unknown[] }): pg.QueryConfig {
  if (db instanceof pg.Client && !isPooled(db)) return query;
  return { text: query.text, values: query.values };
}
