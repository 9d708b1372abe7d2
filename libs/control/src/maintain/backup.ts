import { type Pool, type PoolClient, quoteIdent } from '@pipeline/postgres';

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
  'tokens',
  'settings',
  'alert_channels',
  'audit_log',
] as const;

/** The control schema as lines of JSON, each a document: a header, the rows of {@link BACKUP_TABLES}, an end that counts them. One snapshot, so
 *  it may be taken while everything runs. Secrets stay sealed and tokens hashed, so it is worth nothing without CREDENTIALS_KEY. */
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
  const { rows } = await client.query<{ line: string }>(
    `select json_build_object('format', $1::text, 'takenAt', clock_timestamp(), 'epoch', (select last_value from pipeline.epoch_seq)::text,
                              'migration', (select name from pipeline.schema_migrations order by version desc limit 1))::text as line`,
    [FORMAT],
  );
  return rows[0]?.line ?? '';
}

/** PostgreSQL writes the rows: a 64-bit number in a bookmark never becomes one of JavaScript. */
async function* linesOf(client: PoolClient, table: (typeof BACKUP_TABLES)[number]): AsyncGenerator<string> {
  await client.query(
    `declare backup_rows no scroll cursor for
     select json_build_object('table', '${table}', 'row', to_jsonb(t))::text as line from pipeline.${quoteIdent(table)} t`,
  );
  while (true) {
    const { rows } = await client.query<{ line: string }>(`fetch ${ROWS_PER_FETCH} from backup_rows`);
    for (const { line } of rows) yield line;
    if (rows.length < ROWS_PER_FETCH) break;
  }
  await client.query('close backup_rows');
}
