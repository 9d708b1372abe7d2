import pg from 'pg';

export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;

/** A pool or one of its clients: whatever runs a statement. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export interface DatabaseOptions {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  /** As libpq spells it. `require` encrypts without checking the certificate; `verify-full` checks it against the system's authorities. */
  sslmode: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  /** Most connections of this pool. */
  poolSize: number;
  /** Called for errors of idle connections; without it they would end the process. */
  onError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 60_000;
/** No statement of ours takes longer in health; dbt has connections of its own. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;
/** Longer than any HTTP call made inside a transaction (a token refresh, 15 s). */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

export function createPool(options: DatabaseOptions): Pool {
  const pool = new pg.Pool({
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    password: options.password,
    ssl: tls(options.sslmode),
    application_name: options.applicationName,
    max: options.poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('error', (error) => options.onError?.(error));
  return pool;
}

function tls(sslmode: DatabaseOptions['sslmode']): false | { rejectUnauthorized: boolean } {
  // pg has no fallback to plain text, so `prefer`, the default for local servers, stays unencrypted.
  if (sslmode === 'disable' || sslmode === 'prefer') return false;
  return { rejectUnauthorized: sslmode !== 'require' };
}
