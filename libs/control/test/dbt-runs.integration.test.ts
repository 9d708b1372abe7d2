import { randomUUID } from 'node:crypto';
import type { Pool } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import {
  claimDbtRun,
  DBT_ATTEMPTS_MAX,
  type DbtBuildOutcome,
  type DbtClaim,
  dbtBuild,
  dbtOutcome,
  dbtSessionName,
  endEarlierDbtSessions,
  finishDbtRun,
  releaseDbtRun,
  renewDbtLease,
  requestDbtRun,
} from '../src/index.ts';
import { controlDatabase, without } from './support.ts';

const TARGET = 'warehouse';
const ROUNDS = 10;
const SUCCEEDED: DbtBuildOutcome = { outcome: 'succeeded', error: null, results: [] };

describe('dbt runs', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await controlDatabase();
    pool = database.pool;
  });
  afterAll(() => database.drop());
  beforeEach(() => pool.query('truncate pipeline.dbt_runs, pipeline.outbox cascade'));

  const request = async (...sources: string[]) => {
    const cycleId = randomUUID();
    await requestDbtRun(pool, { target: TARGET, cycleId, sources });
    return cycleId;
  };
  const claim = (leaseMs?: number) =>
    claimDbtRun(pool, { target: TARGET, claimedBy: 'test', ...(leaseMs === undefined ? {} : { leaseMs }) });
  const claimed = async (leaseMs?: number): Promise<DbtClaim> => {
    const result = await claim(leaseMs);
    if (result === undefined) throw new Error('there was nothing to claim');
    return result;
  };
  const announced = async () => {
    const { rows } = await pool.query<{ cycle: string }>(
      `select body ->> 'cycleId' as cycle from pipeline.outbox where type = 'dbt.finished'`,
    );
    return rows.map((row) => row.cycle).sort();
  };

  it('assigns a build to exactly one of many runners that ask at the same time', async () => {
    await request('hubspot');
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim()));
    expect(claims.filter((one) => one !== undefined)).toHaveLength(1);
  });

  it('would assign it to several if claims did not lock (mutation)', async () => {
    const unlocked = new Proxy(pool, {
      get: (target, name) => {
        if (name === 'connect') return async () => without(await target.connect(), / for update$/);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    let claims = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await request('hubspot');
      const all = Array.from({ length: 8 }, () => claimDbtRun(unlocked, { target: TARGET, claimedBy: 'test' }));
      claims += (await Promise.all(all)).filter((one) => one !== undefined).length;
      await pool.query('truncate pipeline.dbt_runs cascade');
    }
    expect(claims).toBeGreaterThan(ROUNDS);
  });

  it('keeps one request of a cycle, however often its event arrives, also when the build is over', async () => {
    const cycleId = await request('hubspot');
    await requestDbtRun(pool, { target: TARGET, cycleId, sources: ['hubspot'] });
    expect(await finishDbtRun(pool, await claimed(), SUCCEEDED)).toBe(true);
    await requestDbtRun(pool, { target: TARGET, cycleId, sources: ['hubspot'] });
    expect(await claim()).toBeUndefined();
    expect(await announced()).toEqual([cycleId]);
  });

  it('makes one further build of all requests that come while one runs, and tells each cycle', async () => {
    const first = await request('hubspot');
    const running = await claimed();
    const later = [await request('xero'), await request('wrike', 'xero')];
    expect(await claim()).toBeUndefined();
    await finishDbtRun(pool, running, SUCCEEDED);
    expect(await announced()).toEqual([first]);
    const next = await claimed();
    expect(next.sources).toEqual(['wrike', 'xero']);
    await finishDbtRun(pool, next, SUCCEEDED);
    expect(await claim()).toBeUndefined();
    expect(await announced()).toEqual([first, ...later].sort());
  });

  it('assigns a build whose lease ran out to the next runner that asks, and writes nothing for the one that lost it', async () => {
    const cycleId = await request('hubspot');
    const lost = await claimed(-1);
    const taken = await claimed();
    expect(taken).toMatchObject({ dbtRunId: lost.dbtRunId, sources: ['hubspot'] });
    expect(taken.epoch).toBeGreaterThan(lost.epoch);
    expect(await renewDbtLease(pool, lost)).toBe(false);
    expect(await finishDbtRun(pool, lost, SUCCEEDED)).toBe(false);
    expect(await announced()).toEqual([]);
    expect(await renewDbtLease(pool, taken)).toBe(true);
    expect(await finishDbtRun(pool, taken, SUCCEEDED)).toBe(true);
    expect(await announced()).toEqual([cycleId]);
  });

  it(`fails a build whose runner died ${DBT_ATTEMPTS_MAX} times, and then goes on with the next`, async () => {
    const cycleId = await request('hubspot');
    for (let attempt = 0; attempt < DBT_ATTEMPTS_MAX; attempt += 1) await claimed(-1);
    const next = await request('xero');
    expect(await claim()).toBeUndefined();
    expect(await dbtOutcome(pool, cycleId, 60)).toEqual({ error: expect.stringContaining('3 attempts') });
    expect((await claimed()).sources).toEqual(['xero']);
    expect(await dbtOutcome(pool, next, 60)).toBeUndefined();
  });

  it('does not count an attempt that a shutdown interrupted', async () => {
    await request('hubspot');
    for (let restart = 0; restart <= DBT_ATTEMPTS_MAX; restart += 1) {
      await releaseDbtRun(pool, await claimed(), { counts: false });
    }
    expect(await claim()).toBeDefined();
  });

  it('stores what became of each node, and reports it without values of records', async () => {
    const cycleId = await request('hubspot');
    const node = {
      uniqueId: 'model.pipeline.deals',
      status: 'error',
      seconds: 1.5,
      failures: null,
      message: 'invalid input syntax for type integer: "secret"',
      reason: 'Database Error in model deals',
    };
    await finishDbtRun(pool, await claimed(), { outcome: 'failed', error: 'model deals', results: [node] });
    expect(await dbtBuild(pool, cycleId)).toEqual({
      nodes: [{ uniqueId: node.uniqueId, status: 'error', seconds: 1.5, message: node.reason }],
      seconds: expect.closeTo(0, 0),
    });
    const { rows } = await pool.query('select message from pipeline.dbt_results');
    expect(rows).toEqual([{ message: node.message }]);
  });

  it('ends the sessions that an earlier build left in the database, and no others', async () => {
    await request('hubspot');
    const old = await claimed(-1);
    const session = await pool.connect();
    session.on('error', () => undefined);
    await session.query(`select set_config('application_name', $1, false)`, [dbtSessionName(TARGET, old)]);
    const statement = session.query('select pg_sleep(60)').catch((error: unknown) => error);
    const next = await claimed();
    expect(await endEarlierDbtSessions(pool, 'other', next)).toBe(0);
    expect(await endEarlierDbtSessions(pool, TARGET, next)).toBe(1);
    expect(await statement).toMatchObject({ code: '57P01' });
    session.release(true);
  });
});
