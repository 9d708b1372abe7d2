import { inTransaction, type PoolClient } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import {
  countLogLines,
  listBatches,
  listCycles,
  listLogLines,
  listPipelineRows,
  listRejectedGroups,
  listRejectedRows,
  listRuns,
  listStreamRows,
  listTasks,
  readRunFacts,
  registerPipeline,
} from '../src/index.ts';
import { seedHistory } from './history.ts';
import { controlDatabase, PIPELINE } from './support.ts';

const CYCLES = 2_000;
/** Of two streams in each cycle: 100,000 rows of the ledger. */
const BATCHES = 25;
const SEED_MS = 120_000;
/** Tables that grow with every run. A list reads what it shows. */
const GROWING = ['ledger', 'attempts', 'tasks', 'log_lines'];

const PAGE = { limit: 50, after: undefined };
const LOG = { levels: ['debug', 'info', 'warn', 'error'], afterId: '0', limit: 200 };

/** What the pages and the command line list. */
const LISTS: Record<string, (client: PoolClient, runId: string) => Promise<unknown[]>> = {
  'the newest runs': (client) => listRuns(client, PAGE),
  'the runs of a pipeline': (client) => listRuns(client, { ...PAGE, pipeline: PIPELINE }),
  'the failed runs': (client) => listRuns(client, { ...PAGE, status: 'failed' }),
  'the runs after one': (client, id) => listRuns(client, { ...PAGE, after: { at: new Date().toISOString(), id } }),
  'the newest cycles': (client) => listCycles(client, PAGE),
  'the cycles that rejected something': (client) => listCycles(client, { ...PAGE, rejected: true }),
  'the pipelines': (client) => listPipelineRows(client),
  'the facts of a run': async (client, id) => [await readRunFacts(client, id)],
  'the tasks of a run': listTasks,
  'the batches of a run': (client, runId) => listBatches(client, { ...PAGE, runId }),
  'the streams': (client) => listStreamRows(client),
  'the rejected records': (client) => listRejectedRows(client, { status: 'open', before: null, limit: 50 }),
  'the groups of rejected records': (client) => listRejectedGroups(client, null),
  'the log of a run': (client, runId) => listLogLines(client, { ...LOG, runId }),
  'the log of a run that says something': (client, runId) => listLogLines(client, { ...LOG, runId, q: 'LINE' }),
  'the levels in the log of a run': async (client, runId) => [await countLogLines(client, runId)],
};

describe('lists over 2,000 cycles with 100,000 batches', () => {
  let database: TestDatabase;
  let runId: string;
  beforeAll(async () => {
    database = await controlDatabase();
    await registerPipeline(database.pool, {
      ...{ name: PIPELINE, source: 'test' },
      streams: ['deals', 'owners'].map((name) => ({ name, children: [] })),
    });
    await seedHistory(database.pool, CYCLES, BATCHES);
    await seedLines(database);
    const { rows } = await database.pool.query<{ id: string }>(
      'select id from pipeline.runs order by started_at offset 1000 limit 1',
    );
    runId = rows[0]?.id ?? '';
  }, SEED_MS);
  afterAll(() => database.drop());

  /** Tables that were read from end to end, by whatever a call runs: views and functions too. */
  const scanned = (read: (client: PoolClient, runId: string) => Promise<unknown[]>, before?: string) =>
    inTransaction(database.pool, async (client) => {
      if (before !== undefined) await client.query(before);
      const counted = await sequentialScans(client);
      expect(await read(client, runId)).not.toEqual([]);
      const scans = await sequentialScans(client);
      if (before !== undefined) await client.query('rollback');
      return GROWING.filter((table) => scans.get(table) !== counted.get(table));
    });

  it.each(Object.entries(LISTS))('show %s by indexes', async (_, read) => {
    expect(await scanned(read)).toEqual([]);
  });

  it('would read all tasks for one run without the index (mutation)', async () => {
    expect(await scanned(listTasks, 'drop index pipeline.tasks_run')).toEqual(['tasks']);
  });
});

/** Log lines of each run, and records that were rejected: one of a hundred is still open. */
async function seedLines({ pool }: TestDatabase): Promise<void> {
  await pool.query(
    `insert into pipeline.log_lines (at, level, service, run_id, message)
     select r.started_at, 'info', 'tap-test', r.id, 'line ' || n from pipeline.runs r, generate_series(1, 10) n`,
  );
  await pool.query(
    `insert into pipeline.rejected_records (pipeline, stream, reason, record, status)
     select $1, 'deals', 'too long', '{}', case when n % 100 = 0 then 'open' else 'discarded' end from generate_series(1, 10000) n`,
    [PIPELINE],
  );
  await pool.query('analyze');
}

/** As this transaction has counted. */
async function sequentialScans(client: PoolClient): Promise<Map<string, string>> {
  const { rows } = await client.query<{ table: string; scans: string }>(
    `select relname as table, seq_scan as scans from pg_stat_xact_user_tables where schemaname = 'pipeline'`,
  );
  return new Map(rows.map(({ table, scans }) => [table, scans]));
}
