import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTransaction, type Pool } from '@pipeline/postgres';
import { migrateControl } from './migrations.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', 'roles.sql');
/** Any number that nobody else uses: roles belong to the whole server, and two databases may be set up at the same time. */
const ROLES_LOCK = 4_120_937_732;

/** The roles that services log in as. */
const SERVICE_ROLES = ['pipeline_scheduler', 'pipeline_loader', 'pipeline_tap', 'pipeline_dbt'] as const;
export type ServiceRole = (typeof SERVICE_ROLES)[number];

/** The role of a service, by its name. Undefined: it has no business in the database. */
export function databaseRole(service: string): ServiceRole | undefined {
  if (service.startsWith('tap-')) return 'pipeline_tap';
  if (service === 'dbt-runner') return 'pipeline_dbt';
  return SERVICE_ROLES.find((role) => role === `pipeline_${service}`);
}

/** Brings the schema `pipeline` up to date and gives each service its role there, as an administrator of a server that belongs to the platform. May be
 *  repeated, and must be after an upgrade.
 *  @param turns where several databases of one server may be set up at the same time: a pool of a database that all of them know @default pool */
export async function prepareDatabase(
  pool: Pool,
  passwordOf: (role: ServiceRole) => string,
  turns: Pool = pool,
): Promise<void> {
  await migrateControl(pool);
  const script = await readFile(SCRIPT, 'utf8');
  await inTransaction(turns, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [ROLES_LOCK]);
    await pool.query(script);
    for (const role of SERVICE_ROLES) {
      const { rows } = await pool.query<{ statement: string }>(
        `select format('alter role %I password %L', $1::text, $2::text) as statement`,
        [role, passwordOf(role)],
      );
      await pool.query(rows[0]?.statement ?? '');
    }
  });
}
