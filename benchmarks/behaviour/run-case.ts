import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PoolClient, quoteIdent } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import type { Fixture } from '../../services/target-postgres/test/fixture.ts';
import type { Peer } from './peers.ts';

/** A target that hangs has not passed. */
const RUN_MS_MAX = 60_000;

/** Whether the target ends as the case says and leaves the rows that it says. What only our target has (its registry, its quarantine, its metadata columns)
 *  is not asked for. */
export async function passes(database: TestDatabase, folder: string, peer: Peer, fixture: Fixture): Promise<boolean> {
  // PipelineWise takes no schema whose name needs quotes.
  const schema = fixture.name.replaceAll(/[^a-z0-9]/g, '_').slice(-63);
  const client = await database.pool.connect();
  try {
    await client.query(
      `create schema ${quoteIdent(schema)}; set search_path to ${quoteIdent(schema)}; set timezone to 'UTC'`,
    );
    return await runCase(client, database, { folder, peer, schema }, fixture);
  } catch {
    return false;
  } finally {
    client.release(true);
  }
}

async function runCase(
  client: PoolClient,
  { options }: TestDatabase,
  { folder, peer, schema }: { folder: string; peer: Peer; schema: string },
  { runs, expected }: Fixture,
): Promise<boolean> {
  const { host, port, user, password, database } = options;
  const address = { host, port, user, password, database, dbname: database, default_target_schema: schema };
  const file = join(folder, `${peer.name}-${schema}.json`);
  writeFileSync(file, JSON.stringify({ ...address, ...peer.config, ...expected.config }));
  for (const statement of expected.before ?? []) await client.query(statement);
  for (const [index, input] of runs.entries()) {
    if (index === 1) for (const statement of expected.between ?? []) await client.query(statement);
    const exitCode = await exitCodeOf(peer.program, file, input);
    const isSuccessExpected = (expected.exitCodes?.[index] ?? 0) === 0;
    if ((exitCode === 0) !== isSuccessExpected) return false;
  }
  for (const [table, rows] of Object.entries(expected.tables)) {
    const columns = Object.keys(rows[0] ?? {}).filter((column) => !column.startsWith('_sdc_'));
    const list = columns.map((column) => `${quoteIdent(column)}::text`).join(', ');
    const result = await client.query(`select ${list} from ${quoteIdent(table)}`);
    const wanted = rows.map((row) => JSON.stringify(columns.map((column) => row[column])));
    const found = result.rows.map((row: Record<string, unknown>) =>
      JSON.stringify(columns.map((column) => row[column])),
    );
    if (JSON.stringify(found.sort()) !== JSON.stringify(wanted.sort())) return false;
  }
  for (const [query, rows] of Object.entries(expected.queries ?? {})) {
    if (/pipeline\.|_sdc_sequence/.test(query)) continue;
    const result = await client.query({ text: query, rowMode: 'array' });
    if (JSON.stringify(result.rows) !== JSON.stringify(rows)) return false;
  }
  return true;
}

/** Null when it had to be ended. */
function exitCodeOf(program: string, configFile: string, input: Buffer): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['--config', configFile], {
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: RUN_MS_MAX,
    });
    child.on('error', reject);
    child.on('exit', resolve);
    // One that has ended reads no more.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
