import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { z } from 'zod';
import { refusal } from '../operate/operator.ts';
import { BACKUP_TABLES } from './backup.ts';
import * as statements from './restore.sql.ts';

const Header = z.object({
  format: z.literal('pipeline-control-backup'),
  takenAt: z.string(),
  epoch: z.string().regex(/^\d{1,12}$/),
  migration: z.string(),
});
const Row = z.object({ table: z.enum(BACKUP_TABLES), row: z.looseObject({}) });
const End = z.object({ end: z.literal(true), rows: z.number().int() });
type Table = (typeof BACKUP_TABLES)[number];

const ROWS_PER_INSERT = 500;
/** Epochs that may have been used between the backup and the loss. Rows in the warehouse carry them, and a later read must have a higher one. */
const EPOCHS_SKIPPED = 1_000_000;

/** Puts a backup into the control schema, in one transaction: all of it or nothing.
 *  @param replace whether a schema that is in use is emptied first, with its runs, logs and rejected records
 *  @returns rows of each table
 *  @throws PipelineError `BACKUP_INVALID`, `BACKUP_OTHER_VERSION`, `SCHEMA_IN_USE`, `SCHEDULER_ALIVE` */
export async function restoreControl(
  pool: Pool,
  lines: AsyncIterable<string>,
  { replace }: { replace: boolean },
): Promise<Record<string, number>> {
  return inTransaction(pool, async (client) => {
    await checkIdle(client);
    const reader = lines[Symbol.asyncIterator]();
    const header = parse(Header, (await reader.next()).value ?? '', 1);
    await checkVersion(client, header.migration);
    await makeRoom(client, replace);
    const counts = await insertRows(client, { [Symbol.asyncIterator]: () => reader });
    await advanceSequences(client, header.epoch);
    return counts;
  });
}

/** A scheduler that lives would decide about rows that come and go under it. */
async function checkIdle(client: PoolClient): Promise<void> {
  if ((await statements.selectLivingLeader.run(client)) !== 0)
    throw refusal('SCHEDULER_ALIVE', 'a scheduler leads: stop every service first');
}

async function checkVersion(client: PoolClient, migration: string): Promise<void> {
  const own = (await statements.selectMigration.first(client))?.name ?? 'none';
  if (own === migration) return;
  throw refusal(
    'BACKUP_OTHER_VERSION',
    `the backup was taken at migration ${migration}, and this version is at ${own}: restore it with the version that took it, then upgrade`,
  );
}

async function makeRoom(client: PoolClient, replace: boolean): Promise<void> {
  const { rows } = await client.query<{ isUsed: boolean }>(statements.selectIsUsed(BACKUP_TABLES));
  if (rows[0]?.isUsed !== true) return;
  if (!replace) throw refusal('SCHEMA_IN_USE', 'the schema pipeline is in use: what is in it would be lost');
  await client.query(statements.truncate(BACKUP_TABLES));
}

async function insertRows(client: PoolClient, lines: AsyncIterable<string>): Promise<Record<string, number>> {
  const counts: Record<string, number> = Object.fromEntries(BACKUP_TABLES.map((table) => [table, 0]));
  let waiting: string[] = [];
  let current: Table = BACKUP_TABLES[0];
  const flush = async () => {
    if (waiting.length > 0) await insert(client, current, waiting);
    waiting = [];
  };
  let number = 1;
  for await (const line of lines) {
    number += 1;
    const parsed = parse(z.union([Row, End]), line, number);
    if ('end' in parsed) {
      await flush();
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      if (total === parsed.rows) return counts;
      throw refusal('BACKUP_INVALID', `the backup holds ${total} rows and says ${parsed.rows}: it was changed`);
    }
    if (parsed.table !== current || waiting.length >= ROWS_PER_INSERT) await flush();
    current = parsed.table;
    counts[current] = (counts[current] ?? 0) + 1;
    waiting.push(line);
  }
  throw refusal('BACKUP_INVALID', `the backup ends after line ${number} without its last line: it was cut short`);
}

/** The lines go to PostgreSQL as they are. What a table computes itself is left out. */
async function insert(client: PoolClient, table: Table, lines: string[]): Promise<void> {
  const columns = (await statements.selectWritableColumns.all(client, { table })).map(({ name }) => name);
  await client.query(statements.insertRows(table, columns), [lines]);
}

async function advanceSequences(client: PoolClient, epoch: string): Promise<void> {
  await statements.advanceEpochs.run(client, { epoch, skipped: EPOCHS_SKIPPED });
  const identities = await statements.selectIdentityColumns.all(client, { tables: [...BACKUP_TABLES] });
  for (const { table, column } of identities) await client.query(statements.advanceSequence(table, column));
}

function parse<Schema extends z.ZodType>(schema: Schema, line: string, number: number): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    throw refusal('BACKUP_INVALID', `line ${number} is none of a backup of this program`);
  }
}
