import { claimTask, migrateControl, registerPipeline, startCycle, startRun } from '@pipeline/control';
import { createPool, inTransaction } from '@pipeline/postgres';
import { ChaosProxy, createTestDatabase, type TestDatabase, waitFor } from '@pipeline/testing';
import { keepAttempt } from '../src/service/lease.ts';
import { keptLog } from './support/deps.ts';

const LEASE_MS = 1_000;
const onDefect = () => undefined;
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ name: 'control', prepare: migrateControl });
});
afterAll(() => database.drop());
afterEach(() => database.pool.query('delete from pipeline.cycles'));

async function claimedEpoch(): Promise<number> {
  const name = 'pipeline_demo_to_postgres';
  await registerPipeline(database.pool, { name, source: 'demo', streams: [{ name: 'deals', children: [] }] });
  const cycleId = await startCycle(database.pool, [name]);
  await inTransaction(database.pool, (client) => startRun(client, cycleId ?? '', name));
  const { rows } = await database.pool.query<{ id: string }>(`select id from pipeline.tasks where status = 'queued'`);
  const claim = await claimTask(database.pool, { taskId: rows[0]?.id ?? '', claimedBy: 'test', leaseMs: LEASE_MS });
  if (claim === undefined) throw new Error('the task cannot be claimed');
  return claim.epoch;
}

/** Milliseconds that the lease of this attempt still lives. */
async function remainingMs(epoch: number): Promise<number> {
  const { rows } = await database.pool.query<{ ms: number }>(
    `select (extract(epoch from lease_until - clock_timestamp()) * 1000)::float8 as ms from pipeline.attempts where epoch = $1`,
    [epoch],
  );
  return rows[0]?.ms ?? 0;
}

test('a lease is renewed for as long as it is kept, and runs out when it is released', async () => {
  const epoch = await claimedEpoch();
  const lost: unknown[] = [];
  const { logger } = keptLog();
  const startedAt = performance.now();
  const lease = keepAttempt({
    pool: database.pool,
    epoch,
    logger,
    leaseMs: LEASE_MS,
    onDefect,
    lost: (reason) => lost.push(reason),
  });
  await waitFor(async () => performance.now() - startedAt > 2 * LEASE_MS && (await remainingMs(epoch)) > 0);
  lease.release();
  await waitFor(async () => (await remainingMs(epoch)) < 0);
  expect(lost).toEqual([]);
});

test('the lease of an attempt that was superseded is lost at once', async () => {
  const epoch = await claimedEpoch();
  const lost: unknown[] = [];
  const { logger } = keptLog();
  await database.pool.query(`update pipeline.attempts set outcome = 'superseded' where epoch = $1`, [epoch]);
  keepAttempt({ pool: database.pool, epoch, logger, leaseMs: LEASE_MS, onDefect, lost: (reason) => lost.push(reason) });
  await waitFor(() => lost.length === 1);
  expect(lost).toMatchObject([{ code: 'LEASE_LOST' }]);
});

test('a lease is given up when the database has been silent for as long as it lasts', async () => {
  const epoch = await claimedEpoch();
  const proxy = await ChaosProxy.start({ host: database.options.host, port: database.options.port });
  const pool = createPool({ ...database.options, host: proxy.host, port: proxy.port, onError: () => undefined });
  const lost: unknown[] = [];
  const { logger } = keptLog();
  await pool.query('select');
  proxy.set({ kind: 'black-hole' });
  keepAttempt({ pool, epoch, logger, leaseMs: LEASE_MS, onDefect, lost: (reason) => lost.push(reason) });
  await waitFor(() => lost.length === 1);
  await proxy.close();
  await pool.end();
});

test('renewals that meet only what nobody expected are counted, and end the process', async () => {
  const epoch = await claimedEpoch();
  const { logger, lines } = keptLog();
  const rename = (from: string, to: string) =>
    database.pool.query(`alter table pipeline.attempts rename column ${from} to ${to}`);
  await rename('lease_until', 'gone');
  let defects = 0;
  const gaveUp = Promise.withResolvers<unknown>();
  const lease = keepAttempt({
    ...{ pool: database.pool, epoch, logger, leaseMs: LEASE_MS, lost: () => undefined },
    onDefect: () => {
      defects += 1;
    },
    giveUp: gaveUp.resolve,
  });
  expect(await gaveUp.promise).toMatchObject({ code: '42703' });
  lease.release();
  await rename('gone', 'lease_until');
  expect(defects).toBe(10);
  expect(lines.at(-1)).toMatchObject({
    level: 'error',
    text: 'leases cannot be renewed: 10 unexpected errors in a row, so the process ends',
  });
});
