import type pg from 'pg';
import { NegotiatingPool } from './negotiating-pool.ts';
import { prepareSession } from './session.ts';
import { type SslMode, type TlsOptions, transports } from './tls.ts';

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
  sslmode: SslMode;
  /** @default the authorities of the system, and no certificate of the client */
  certificates?: Omit<TlsOptions, 'mode'>;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  /** Most connections of this pool. */
  poolSize: number;
  /** Called for errors of idle connections; without it they would end the process. */
  onError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 60_000;
/** A pool of connections. Nothing connects before the first query. */
export function createPool(options: DatabaseOptions): Pool {
  const pool = new NegotiatingPool(
    {
      host: options.host,
      port: options.port,
      user: options.user,
      database: options.database,
      password: options.password,
      application_name: options.applicationName,
      max: options.poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      onConnect: prepareSession,
      keepAlive: true,
    },
    transports({ ...options.certificates, mode: options.sslmode }),
  );
  pool.on('error', (error) => options.onError?.(error));
  return pool;
}
