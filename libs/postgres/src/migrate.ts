import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '@pipeline/protocol';
import type { Pool, PoolClient, Queryable } from './pool.ts';
import { inTransaction } from './transaction.ts';

interface Migration {
  version: number;
  name: string;
  sql: string;
  checksum: string;
}

/** Any number, the same everywhere: two services that start together take turns. */
const LOCK_KEY = 7_305_112_684;

/** Brings the schema `pipeline` to the version of this code: every `NNN_name.sql` of the folder that is not in yet, in order, each in a
 *  transaction of its own.
 *  @throws PipelineError `SCHEMA_NEWER` when newer code has been here, `MIGRATION_CHANGED` when an applied file was edited. */
export async function migrate(pool: Pool, directory: string): Promise<void> {
  const known = await readMigrations(directory);
  if (await isCurrent(pool, known)) return;
  for (const migration of known) {
    await inTransaction(pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
      await createHistory(client);
      const applied = await readHistory(client);
      check(known, applied);
      if (applied.has(migration.version)) return;
      await client.query(migration.sql);
      await client.query('insert into pipeline.schema_migrations (version, name, checksum) values ($1, $2, $3)', [
        migration.version,
        migration.name,
        migration.checksum,
      ]);
    });
  }
}

/** A service whose role may only read finds the schema as it must be, and needs neither lock nor right to change it. */
async function isCurrent(pool: Pool, known: Migration[]): Promise<boolean> {
  const { rows } = await pool.query<{ exists: boolean }>(
    `select to_regclass('pipeline.schema_migrations') is not null as exists
     from pg_namespace where nspname = 'pipeline' and has_schema_privilege(oid, 'usage')`,
  );
  if (rows[0]?.exists !== true) return false;
  const applied = await readHistory(pool);
  check(known, applied);
  return known.every(({ version }) => applied.has(version));
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{3}_\w+\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (name) => {
      const sql = await readFile(join(directory, name), 'utf8');
      return { version: Number(name.slice(0, 3)), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function createHistory(client: PoolClient): Promise<void> {
  // CREATE SCHEMA IF NOT EXISTS wants the right to create one even where it exists.
  const { rowCount } = await client.query("select from pg_namespace where nspname = 'pipeline'");
  if (rowCount === 0) await client.query('create schema pipeline');
  await client.query(`create table if not exists pipeline.schema_migrations (
    version integer primary key, name text not null, checksum text not null,
    applied_at timestamptz not null default clock_timestamp())`);
}

async function readHistory(client: Queryable): Promise<Map<number, { name: string; checksum: string }>> {
  const { rows } = await client.query<{ version: number; name: string; checksum: string }>(
    'select version, name, checksum from pipeline.schema_migrations',
  );
  return new Map(rows.map((row) => [row.version, row]));
}

function check(known: Migration[], applied: Map<number, { name: string; checksum: string }>): void {
  for (const [version, { name, checksum }] of applied) {
    const migration = known.find((candidate) => candidate.version === version);
    if (migration === undefined) {
      throw new PipelineError({
        code: 'SCHEMA_NEWER',
        recovery: 'fix-config',
        message: `the database has migration ${name}, which this version does not know: run the newer version`,
      });
    }
    if (migration.checksum !== checksum) {
      throw new PipelineError({
        code: 'MIGRATION_CHANGED',
        recovery: 'fix-config',
        message: `migration ${name} was applied with other contents: restore the file and write a new migration`,
      });
    }
  }
}
