import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDatabase } from '@pipeline/control';
import { createPool, type Pool } from '@pipeline/postgres';
import { DB_PASSWORD, SETUP } from './folder.ts';
import { rolePassword } from './secret.ts';

const HOST = 'postgres';

/** Whether the database is the one of compose, where services may have roles of their own. */
export function isOwnDatabase(host: string | undefined): boolean {
  return !host || host === HOST;
}

/** A database of compose's own server, as its administrator. */
export function administrator(database: string): Pool {
  return createPool({
    host: HOST,
    port: 5432,
    database,
    user: process.env['DB_USERNAME'] ?? '',
    password: readFileSync(join(SETUP, DB_PASSWORD), 'utf8'),
    sslmode: 'disable',
    applicationName: 'setup',
    poolSize: 2,
  });
}

/** Schema `pipeline` and the roles of the services, in this database. */
export async function prepare(database: string): Promise<void> {
  const pool = administrator(database);
  await prepareDatabase(pool, rolePassword).finally(() => pool.end());
}
