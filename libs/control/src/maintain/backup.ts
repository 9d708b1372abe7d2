import type { Pool, PoolClient } from '@pipeline/postgres';
import * as statements from './backup.sql.ts';

const FORMAT = 'pipeline-control-backup';
const ROWS_PER_FETCH = 500;

/** What cannot be had again from the sources, referred-to tables first. Runs, logs and rejected records are history and stay out. */
export const BACKUP_TABLES = [
  'sources',
  'connections',
  'pipelines',
  'states',
  'credentials',
  'target_tables',
  'target_columns',
  'stream_targets',
  'column_consents',
  'tokens',
  'settings',
  'alert_channels',
  'audit_log',
] as const;

/** The control schema as lines of JSON, each a document: a header, the rows of {@link BACKUP_TABLES}, an end that counts them. One snapshot, so
 *  it may be taken while everything runs. Secrets stay encrypted and tokens hashed, so it is worth nothing without CREDENTIALS_KEY. */
export async function* backupControl(pool: Pool): AsyncGenerator<string> {
  const client = await pool.connect();
  let isDone = false;
  try {
    await client.query('begin isolation level repeatable read read only');
    yield await headerOf(client);
    let rows = 0;
    for (const table of BACKUP_TABLES) {
      for await (const line of linesOf(client, table)) {
        rows += 1;
        yield line;
      }
    }
    yield JSON.stringify({ end: true, rows });
    await client.query('commit');
    isDone = true;
  } finally {
    client.release(!isDone);
  }
}

async function headerOf(client: PoolClient): Promise<string> {
  return (await statements.selectHeader.first(client, { format: FORMAT }))?.line ?? '';
}

/** PostgreSQL writes the rows: a 64-bit number in a bookmark never becomes one of JavaScript. */
async function* linesOf(client: PoolClient, table: (typeof BACKUP_TABLES)[number]): AsyncGenerator<string> {
  await client.query(statements.declareRows(table));
  while (true) {
    const { rows } = await client.query<{ line: string }>(`fetch ${ROWS_PER_FETCH} from backup_rows`);
    for (const { line } of rows) yield line;
    if (rows.length < ROWS_PER_FETCH) break;
  }
  await client.query('close backup_rows');
}
