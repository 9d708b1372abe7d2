import { randomUUID } from 'node:crypto';
import { migrateControl, nextEpoch } from '@pipeline/control';
import { isTransient, type Pool, sqlstate } from '@pipeline/postgres';
import { errorCode, errorMessage, PipelineError } from '@pipeline/protocol';
import { createWarehouse } from '@pipeline/warehouse';
import { BatchLoader } from '../batch-loader.ts';
import type { TargetConfig } from '../settings/config.ts';
import { type DatabaseWaitDeps, databaseTrouble } from './database-wait.ts';

/** Connects for the first time, makes the schema `pipeline` and begins a run. Nothing has been read yet, so nobody waits: a server that is not there
 *  ends the run at once.
 *  @throws PipelineError `DATABASE_UNAVAILABLE`, `DATABASE_REFUSES`. */
export async function connect(pool: Pool, config: TargetConfig, wait: DatabaseWaitDeps): Promise<BatchLoader> {
  try {
    await migrateControl(pool);
    const epoch = await nextEpoch(pool);
    const warehouse = createWarehouse({
      pool,
      naming: config.naming,
      deletes: config.hard_delete ? 'hard' : 'soft',
      contracts: config.contracts,
      columnTypes: config.column_types,
      keyChange: config.key_change,
      columnConsent: { allowed: config.columns_allowed, howTo: 'by the setting "columns_allowed"' },
    });
    const { default_target_schema: databaseSchema } = config;
    return new BatchLoader({
      pool,
      warehouse,
      databaseSchema,
      runId: randomUUID(),
      epoch,
      wait,
      tableChanged: config.table_changed,
    });
  } catch (error) {
    throw connectionError(error, config);
  }
}

/** What a person has to change, by SQLSTATE. */
const REMEDIES: Record<string, string> = {
  '28P01': 'check "user" and "password"',
  '28000': 'check "user", "password" and "sslmode", and pg_hba.conf of the server',
  '3D000': 'check "dbname", or create the database',
  '42501': 'grant the role CREATE on the database, or let its owner create the schema "pipeline" for it',
};

const TLS_ERRORS = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)|does not support SSL|certificate/;

function connectionError(error: unknown, { host, port, user, dbname }: TargetConfig): unknown {
  if (error instanceof PipelineError) return error;
  const where = `${host}:${port}, database ${dbname}, role ${user}`;
  const known = REMEDIES[sqlstate(error) ?? ''];
  // A database that is not there may come; before the first record, it is a mistake.
  if (known === undefined && isTransient(error)) {
    return new PipelineError({
      code: 'DATABASE_UNAVAILABLE',
      recovery: 'retry',
      message: `PostgreSQL cannot be reached at ${where}: ${databaseTrouble(error)}. Nothing was read: run it again when the server is there`,
      cause: error,
    });
  }
  const code = errorCode(error) ?? '';
  const remedy =
    known ?? (isTlsError(code, error) ? 'check "sslmode", "sslrootcert", "sslcert" and "sslkey"' : undefined);
  if (remedy === undefined) return error;
  return new PipelineError({
    code: 'DATABASE_REFUSES',
    recovery: 'fix-config',
    message: `PostgreSQL refuses the connection to ${where}: ${errorMessage(error)}: ${remedy}`,
    cause: error,
  });
}

function isTlsError(code: string, error: unknown): boolean {
  return TLS_ERRORS.test(code) || TLS_ERRORS.test(errorMessage(error));
}
