import type { Pool } from '@pipeline/postgres';
import { withRunFolder } from './run-folder.ts';

interface Opened {
  pool: Pool;
  control: typeof import('@pipeline/control');
}

/** Works on the database itself, as DB_HOST and the other variables of the services say, or on that of a run.sh that runs here. Loaded only here: other commands start without a
 *  database driver. @throws PipelineError `CONFIG_INVALID` */
export async function withDatabase<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
  const [control, { createPool }, service, { z }] = await Promise.all([
    import('@pipeline/control'),
    import('@pipeline/postgres'),
    import('@pipeline/service'),
    import('zod'),
  ]);
  const { config } = service.loadConfig(z.object(service.databaseFields), withRunFolder(service.processEnvironment()));
  const pool = createPool(service.databaseOptions(config, 'pipeline-cli'));
  try {
    return await work({ pool, control });
  } finally {
    await pool.end();
  }
}
