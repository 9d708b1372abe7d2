import { join } from 'node:path';
import { migrate, type Pool } from '@pipeline/postgres';

/** Brings the schema `pipeline` up to date. Every service calls it at boot; those that start together take turns. */
export async function migrateControl(pool: Pool): Promise<void> {
  await migrate(pool, join(import.meta.dirname, '..', '..', 'migrations'));
}
