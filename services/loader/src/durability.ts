import type { Pool } from '@pipeline/postgres';
import { PipelineError } from '@pipeline/protocol';

/** An ack tells the broker to forget a batch, so a commit must outlive a power cut.
 *  @throws PipelineError `DATABASE_UNSAFE` when the server is set to lose what it has committed. */
export async function checkDurability(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
     where name in ('fsync', 'synchronous_commit', 'full_page_writes') and setting = 'off'`,
  );
  if (rows.length === 0) return;
  throw new PipelineError({
    code: 'DATABASE_UNSAFE',
    recovery: 'fix-config',
    message: `PostgreSQL runs with ${rows.map((row) => `${row.name}=off`).join(', ')} and may forget committed rows: turn it on, or set ALLOW_UNSAFE_DATABASE=true`,
  });
}
