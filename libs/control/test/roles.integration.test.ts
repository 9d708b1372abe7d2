import { randomUUID } from 'node:crypto';
import { createPool, type Pool } from '@pipeline/postgres';
import { ROLE_PASSWORD, type TestDatabase } from '@pipeline/testing';
import {
  askForColumns,
  claimDbtRun,
  claimTask,
  failTask,
  finalise,
  finishDbtRun,
  finishExtraction,
  insertLogLines,
  listNodes,
  listPipelines,
  lockCredential,
  migrateControl,
  prepareDatabase,
  removeInstance,
  renewDbtLease,
  renewLease,
  requestDbtRun,
  saveManifest,
  signInstance,
} from '../src/index.ts';
import { claim, controlDatabase, endCycles, loadBatch, manifestOf, noDeletes, startTasks } from './support.ts';

const ROLES = ['scheduler', 'loader', 'tap', 'dbt', 'reader'] as const;

describe('a role per service', () => {
  let database: TestDatabase;
  const pools = new Map<string, Pool>();
  const as = (role: (typeof ROLES)[number]): Pool => pools.get(role) ?? database.pool;

  beforeAll(async () => {
    database = await controlDatabase();
    const prepare = async () => {
      const turns = createPool({ ...database.options, database: 'postgres' });
      await prepareDatabase(database.pool, () => ROLE_PASSWORD, turns).finally(() => turns.end());
    };
    await prepare();
    await database.pool.query(`alter role pipeline_reader password '${ROLE_PASSWORD}'`);
    for (const role of ROLES) {
      pools.set(role, createPool({ ...database.options, user: `pipeline_${role}`, password: ROLE_PASSWORD }));
    }
    await as('loader').query('create schema test; create table test.deals (id int, _sdc_sequence bigint)');
    await database.pool.query(
      `insert into pipeline.target_tables (database_schema, stream, table_name, key_columns) values ('test', 'deals', 'deals', '{}')`,
    );
    // It may be repeated.
    await prepare();
  });
  afterEach(() => endCycles(database.pool));
  afterAll(async () => {
    for (const pool of pools.values()) await pool.end();
    await database.drop();
  });

  it('lets every service find the schema as it must be', async () => {
    for (const role of ['scheduler', 'loader', 'tap', 'dbt'] as const) await migrateControl(as(role));
  });

  it('is enough for a run: scheduler, tap and loader do their part each', async () => {
    const tasks = await startTasks(as('scheduler'), 'deals');
    const dead = await claim(as('tap'), tasks.get('deals'));
    await loadBatch(as('loader'), dead, { seq: 0 });
    await as('loader').query('insert into test.deals values (1, $1::bigint * 16777216)', [dead.epoch]);
    await failTask(as('tap'), dead.epoch, { error: 'the tap died', retry: true });
    const attempt = await claimTask(as('tap'), { taskId: tasks.get('deals') ?? '', claimedBy: 'tap' });
    if (attempt === undefined) throw new Error('the task can be claimed again');
    // What the dead attempt left was taken back, although the tap may not even read it.
    expect((await as('loader').query('select from test.deals')).rowCount).toBe(0);
    expect(await renewLease(as('tap'), attempt.epoch)).toBe(true);
    await finishExtraction(as('tap'), attempt.epoch);
    await loadBatch(as('loader'), attempt, { seq: 0, manifest: manifestOf(attempt, 0) });
    expect(await finalise(as('loader'), attempt.epoch, noDeletes)).toBe(true);
    expect(await listPipelines(as('loader'))).toHaveLength(1);
    const client = await as('tap').connect();
    await lockCredential(client, { name: 'xero', keyId: 'key' });
    client.release();
    await as('dbt').query('select * from test.deals');
    await as('dbt').query('create schema models_of_dbt; create table models_of_dbt.deals as select * from test.deals');
    for (const role of ['reader', 'scheduler'] as const) await as(role).query('select * from test.deals');
    await as('reader').query('select * from models_of_dbt.deals');
    await as('reader').query('select * from pipeline.run_summary');
  });

  it("is enough for a build: the dbt-runner's part, and what every service says of itself", async () => {
    const pool = as('dbt');
    const cycleId = randomUUID();
    await requestDbtRun(pool, { target: 'warehouse', cycleId, sources: ['test'] });
    const build = await claimDbtRun(pool, { target: 'warehouse', claimedBy: 'dbt' });
    if (build === undefined) throw new Error('the build can be claimed');
    expect(await renewDbtLease(pool, build)).toBe(true);
    const node = { id: 'model.a.b', kind: 'model', name: 'b', description: '', path: '', databaseSchema: null };
    await saveManifest(pool, { hash: 'h', nodes: [{ ...node, relation: null, parents: [], sql: null, test: null }] });
    const result = { uniqueId: node.id, status: 'success', seconds: 1, failures: null, message: null, reason: null };
    expect(await finishDbtRun(pool, build, { outcome: 'succeeded', error: null, results: [result] })).toBe(true);
    for (const role of ['scheduler', 'loader', 'tap', 'dbt'] as const) {
      const sign = { id: randomUUID(), service: role, version: '1', startedAt: new Date(), state: 'ready' };
      const figures = { memoryBytes: 1, cpu: 0, checks: {}, settings: [], logLinesDropped: 0 };
      for (let signs = 0; signs < 2; signs += 1) await signInstance(as(role), { ...sign, ...figures });
      const line = { at: new Date().toISOString(), level: 'info', service: role, message: 'ready', fields: {} };
      await insertLogLines(as(role), [{ ...line, cycleId: null, runId: null, taskId: null, stream: null }]);
      await removeInstance(as(role), sign.id);
    }
    expect((await listNodes(as('scheduler'))).nodes).toMatchObject([{ id: node.id, status: 'success' }]);
  });

  it('lets a loader ask for columns', async () => {
    const stream = { pipeline: 'pipeline_test_to_postgres', stream: 'wide' };
    expect(await askForColumns(as('loader'), stream, 2_000)).toBe(false);
    expect(await askForColumns(as('loader'), stream, 2_001)).toBe(false);
  });

  it.each(['tokens', 'sessions', 'alert_channels', 'consents', 'idempotency_keys', 'settings'])(
    "keeps pipeline.%s the scheduler's alone",
    async (table) => {
      await as('scheduler').query(`select * from pipeline.${table}`);
      for (const role of ['tap', 'loader', 'dbt', 'reader'] as const)
        for (const statement of [`select from pipeline.${table}`, `delete from pipeline.${table}`])
          await expect(as(role).query(statement)).rejects.toMatchObject({ code: '42501' });
    },
  );

  it.each<[(typeof ROLES)[number], string]>([
    ['tap', 'select * from test.deals'],
    ['tap', 'delete from test.deals'],
    ['tap', 'create schema of_a_tap'],
    ['tap', 'delete from pipeline.audit_log'],
    ['tap', `insert into pipeline.column_consents (pipeline, stream, wanted) values ('p', 's', 2000)`],
    ['loader', 'update pipeline.column_consents set allowed = wanted'],
    ['loader', 'select * from pipeline.credentials'],
    ['loader', 'select sealed from pipeline.connections'],
    ['loader', 'drop table pipeline.states'],
    ['loader', `copy (select 1) to program 'true'`],
    ['loader', `select pg_read_file('/etc/passwd')`],
    ['loader', 'create role another'],
    ['scheduler', 'delete from test.deals'],
    ['scheduler', 'create table test.mine (id int)'],
    ['dbt', 'select * from pipeline.credentials'],
    ['dbt', 'select * from pipeline.states'],
    ['dbt', 'delete from test.deals'],
    ['dbt', `insert into test.deals values (1, 1)`],
    ['dbt', 'alter table test.deals add column mine int'],
    ['dbt', 'create table test.mine (id int)'],
    ['tap', 'insert into test.deals values (1, 1)'],
    ['tap', 'alter role pipeline_loader password null'],
    ['reader', 'delete from test.deals'],
    ['reader', 'select * from pipeline.rejected_records'],
    ['reader', 'select * from pipeline.dead_letters'],
    ['reader', 'create table public.mine (id int)'],
  ])('refuses %s: %s', async (role, statement) => {
    await expect(as(role).query(statement)).rejects.toMatchObject({ code: '42501' });
  });
});
