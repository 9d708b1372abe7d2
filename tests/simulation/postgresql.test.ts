import { claimDbtRun, finishDbtRun, liveCycle, registerPipeline, requestDbtRun } from '@pipeline/control';
import { inTransaction, type Pool } from '@pipeline/postgres';
import { type TestDatabase, waitFor } from '@pipeline/testing';
import { controlDatabase } from '../../libs/control/test/support.ts';
import { sized } from '../support/sized.ts';
import { PIPELINE, SOURCE } from './actors/platform.ts';
import { conflicts, type LockMode } from './database/row-lock.ts';
import { type SimulatedDatabase, simulatedDatabase } from './database/simulated-database.ts';
import { type Part, parts, prepare, responseOf } from './meetings.ts';
import { RandomClient } from './random-client.ts';
import { Random } from './world/random.ts';

const SEQUENCES = sized({ ci: 40, full: 1_000 });
const OPERATIONS = 60;
const STREAMS = ['contacts', 'events', 'lists'].map((name) => ({ name, children: [] }));
const MODES: LockMode[] = ['key share', 'share', 'no key update', 'update'];

describe('the simulated database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
    await registerPipeline(database.pool, { name: PIPELINE, source: SOURCE, streams: STREAMS });
  });
  afterAll(() => database.drop());

  it(
    'responds to claims, batches, redeliveries, stale batches, failures and watchdogs as PostgreSQL does',
    async () => {
      for (let seed = 1; seed <= SEQUENCES; seed += 1) {
        await clear(database.pool);
        const simulated = simulatedDatabase();
        const real = new RandomClient(database.pool, new Random(seed));
        const model = new RandomClient(simulated.pool, new Random(seed));
        const history = [`seed ${seed}`, await real.begin()];
        expect(await simulated.run(() => model.begin())).toBe(history[1]);
        for (let count = 0; count < OPERATIONS; count += 1) {
          await endDbt(database.pool);
          const response = await real.next();
          history.push(response);
          expect([...history.slice(0, -1), await simulated.run(() => model.next())]).toEqual(history);
        }
        expect(simulated.rows(model.claims.map(({ epoch }) => epoch))).toEqual(
          await rows(
            database.pool,
            real.claims.map(({ epoch }) => epoch),
          ),
        );
      }
    },
    10 * 60_000,
  );

  it.each(Object.keys(parts))(
    'makes others wait for “%s”, or not, and respond after its end, as PostgreSQL does',
    async (held) => {
      for (const [wanted, part] of Object.entries(parts)) {
        for (const end of ['commit', 'rollback']) {
          await clear(database.pool);
          const simulated = simulatedDatabase();
          const expected = await meetForReal(database.pool, parts[held] ?? part, part, end);
          expect([wanted, end, ...(await meetSimulated(simulated, parts[held] ?? part, part, end))]).toEqual([
            wanted,
            end,
            ...expected,
          ]);
        }
      }
    },
    5 * 60_000,
  );

  it.each(MODES.flatMap((held) => MODES.map((wanted) => [held, wanted] as const)))(
    'lets a lock FOR %s and one FOR %s meet as PostgreSQL does',
    async (held, wanted) => {
      const [holder, other] = [await database.pool.connect(), await database.pool.connect()];
      try {
        for (const client of [holder, other]) await client.query('begin');
        await holder.query(`select from pipeline.pipelines for ${held}`);
        const response = await other.query(`select from pipeline.pipelines for ${wanted} skip locked`);
        expect(conflicts(held, wanted)).toBe(response.rowCount === 0);
      } finally {
        for (const client of [holder, other]) {
          await client.query('rollback');
          client.release();
        }
      }
    },
  );
});

type Meeting = [hasWaited: boolean, first: string, second: string];

async function meetForReal(pool: Pool, one: Part, other: Part, end: string): Promise<Meeting> {
  const subject = await prepare(pool);
  const holder = await pool.connect();
  await holder.query('begin');
  const first = await responseOf(() => one(holder, subject));
  let isDone = false;
  const second = responseOf(() => inTransaction(pool, (client) => other(client, subject))).finally(() => {
    isDone = true;
  });
  const hasWaited = await waitFor(async () => (isDone ? 'no' : (await isLockAwaited(pool)) && 'yes'), {
    intervalMs: 2,
  });
  await holder.query(end);
  holder.release();
  return [hasWaited === 'yes', first, await second];
}

async function meetSimulated(
  { pool, run, meet }: SimulatedDatabase,
  one: Part,
  other: Part,
  end: string,
): Promise<Meeting> {
  const subject = await run(() => prepare(pool));
  let [first, second] = ['', ''];
  const hasWaited = await meet(
    async (client) => {
      first = await responseOf(() => one(client, subject));
    },
    async (otherPool) => {
      second = await responseOf(() => inTransaction(otherPool, (client) => other(client, subject)));
    },
    end,
  );
  return [hasWaited, first, second];
}

async function isLockAwaited(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return (rowCount ?? 0) > 0;
}

async function clear(pool: Pool): Promise<void> {
  await pool.query(
    'truncate pipeline.cycles, pipeline.states, pipeline.outbox, pipeline.leaders, pipeline.dbt_runs cascade',
  );
  await pool.query(`update pipeline.pipelines set seen_at = 'infinity', requested_at = null`);
}

/** In the simulation dbt succeeds at once. */
async function endDbt(pool: Pool): Promise<void> {
  const cycle = await liveCycle(pool);
  if (cycle?.status !== 'transforming') return;
  await requestDbtRun(pool, { target: 'test', cycleId: cycle.id, sources: [SOURCE] });
  const claim = await claimDbtRun(pool, { target: 'test', claimedBy: 'test' });
  if (claim !== undefined) await finishDbtRun(pool, claim, { outcome: 'succeeded', error: null, results: [] });
}

/** What is committed, with epochs as places in the order of the claims. */
async function rows(pool: Pool, epochs: number[]): Promise<object[]> {
  const place = `array_position($1::bigint[], epoch) - 1 as attempt`;
  const statements = [
    `select stream, status, attempts, error, array_position($1::bigint[], current_epoch) - 1 as attempt from pipeline.tasks`,
    `select ${place}, watermark, applied_seq, outcome, error, cleaned, extracted_at is not null as extracted from pipeline.attempts`,
    `select ${place}, seq, rows from pipeline.ledger`,
    `select ${place}, stream, seq from pipeline.states where is_current`,
    `select status, error, $1::bigint[] is null as ended from pipeline.runs`,
  ];
  const found: object[] = [];
  for (const statement of statements) found.push(...(await pool.query(statement, [epochs])).rows);
  return found
    .map((row) => JSON.stringify(row))
    .sort()
    .map((row) => JSON.parse(row));
}
