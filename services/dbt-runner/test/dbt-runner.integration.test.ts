import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, connectBroker } from '@pipeline/broker';
import { commonTopology, EVENTS_EXCHANGE, type Logger } from '@pipeline/contracts';
import { listNodes, listNodesToRetry, migrateControl, requestBuild } from '@pipeline/control';
import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { createTestDatabase, createTestVhost, type TestDatabase, type TestVhost, waitFor } from '@pipeline/testing';
import { dbtPython } from '../../../tests/support/dbt-python.ts';
import { type ServiceProcess, startService } from '../../../tests/support/service-process.ts';

const PROJECT = join(import.meta.dirname, 'fixtures/project');
const PROFILE = join(import.meta.dirname, '../../../dbt/profiles.yml');
const BUILD_TIMEOUT_MS = 100_000;
const RUNNERS = 3;
const UNIQUE_DEALS = 'test.fixture.unique_deals_id.9497c087c1';
const REFERS = `
models:
  - name: deal_names
    columns:
      - name: name
        data_tests:
          - relationships:
              arguments: {to: ref('deals'), field: name}
              config: {severity: warn}
`;
/** What dbt would replace by the password if it took this for a part of the project. */
const JINJA = "{{env_var('DB_PASSWORD')}}";
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

describe('the dbt-runner', () => {
  let database: TestDatabase;
  let pool: Pool;
  let vhost: TestVhost;
  let broker: Broker;
  let folder: string;
  let gate: PoolClient | undefined;
  const runners: ServiceProcess[] = [];

  beforeAll(async () => {
    [database, vhost] = await Promise.all([createTestDatabase(), createTestVhost()]);
    pool = database.pool;
    await migrateControl(pool);
    await pool.query(TABLES);
    folder = await mkdtemp(join(tmpdir(), 'dbt-runner-test-'));
    await cp(PROJECT, join(folder, 'project'), { recursive: true });
    await cp(PROFILE, join(folder, 'project/profiles.yml'));
    broker = await connectBroker({ url: vhost.url, name: 'test', logger: silent, topology: commonTopology });
  }, 60_000);
  afterAll(async () => {
    await broker.close();
    await vhost.delete();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);
  beforeEach(() => pool.query(RESET));
  afterEach(() => openGate());

  const stopRunners = async () => {
    for (const runner of runners.splice(0)) {
      runner.signal('SIGCONT');
      await runner.stop();
    }
  };
  const startRunner = async (environment: Record<string, string> = {}) => {
    const runner = startService('dbt-runner', {
      ...database.environment,
      RABBITMQ_URL: vhost.url,
      DBT_PYTHON: dbtPython(),
      DBT_PROJECT_DIR: join(folder, 'project'),
      DISK_STORAGE_PATH: folder,
      ...environment,
    });
    runners.push(runner);
    await waitFor(() => runner.log().includes('"started"'), { timeoutMs: BUILD_TIMEOUT_MS, what: 'a started runner' });
    return runner;
  };
  const announce = async (...sources: string[]) => {
    const cycleId = randomUUID();
    await broker.publisher().publish({
      exchange: EVENTS_EXCHANGE,
      routingKey: 'cycle.loaded',
      messageId: cycleId,
      type: 'cycle.loaded',
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify({ type: 'cycle.loaded', cycleId, sources })),
    });
    return cycleId;
  };
  const runOf = async (cycleId: string): Promise<Run | undefined> =>
    (await pool.query<Run>('select * from pipeline.dbt_runs where cycle_ids @> array[$1::uuid]', [cycleId])).rows[0];
  const ended = (cycleId: string) =>
    waitFor(
      async () => {
        const run = await runOf(cycleId);
        return run?.status === 'succeeded' || run?.status === 'failed' ? run : undefined;
      },
      { timeoutMs: BUILD_TIMEOUT_MS, what: 'the end of the build' },
    );
  const announcements = async () =>
    (await pool.query(`select body from pipeline.outbox where type = 'dbt.finished' order by id`)).rows.map(
      (row) => row.body,
    );
  const results = async (run: Run) =>
    Object.fromEntries(
      (await pool.query('select unique_id, status from pipeline.dbt_results where dbt_run_id = $1', [run.id])).rows.map(
        (row) => [row.unique_id, row.status],
      ),
    );
  /** The next build of `deals` takes as long as the gate is closed. */
  const closeGate = async () => {
    gate = await pool.connect();
    // The gate stays closed for as long as a busy machine needs.
    await gate.query('set idle_in_transaction_session_timeout = 0');
    await gate.query('begin; lock table probe.gate in access exclusive mode');
  };
  const openGate = async () => {
    await gate?.query('commit');
    gate?.release();
    gate = undefined;
  };
  const building = () =>
    waitFor(
      async () => {
        const { rows } = await pool.query(
          `select from pg_stat_activity where application_name like 'dbt/%' and wait_event_type = 'Lock'`,
        );
        return rows.length > 0;
      },
      { timeoutMs: BUILD_TIMEOUT_MS, what: 'a build that waits at the gate' },
    );
  /** A model that breaks, and a test that fails with a model behind it. */
  const failedBuild = async () => {
    await pool.query(
      `insert into xero.invoices values ('2', 'four thousand'); insert into hubspot.deals values ('1', 'big')`,
    );
    const run = await ended(await announce('hubspot', 'xero'));
    expect(run.status).toBe('failed');
    return run;
  };
  /** As if the lease had run out. */
  const expireLease = (run: Run) =>
    pool.query(`update pipeline.dbt_runs set lease_until = clock_timestamp() where id = $1`, [run.id]);

  describe('at work', () => {
    let runner: ServiceProcess;
    beforeAll(async () => {
      runner = await startRunner();
    }, BUILD_TIMEOUT_MS);
    afterAll(stopRunners, BUILD_TIMEOUT_MS);

    it('tells the graph of its project before the first build, and the SQL of what it built', async () => {
      const before = await listNodes(pool);
      expect(before.nodes.map(({ id, relation, parents, sql }) => ({ id, relation, parents, sql }))).toEqual([
        { id: 'model.fixture.deal_names', relation: 'deal_names', parents: ['model.fixture.deals'], sql: null },
        { id: 'model.fixture.deals', relation: 'deals', parents: ['source.fixture.hubspot.deals'], sql: null },
        { id: 'model.fixture.invoices', relation: 'invoices', parents: ['source.fixture.xero.invoices'], sql: null },
        { id: 'source.fixture.hubspot.deals', relation: 'deals', parents: [], sql: null },
        { id: 'source.fixture.xero.invoices', relation: 'invoices', parents: [], sql: null },
        { id: UNIQUE_DEALS, relation: null, parents: ['model.fixture.deals'], sql: null },
      ]);
      await ended(await announce('hubspot'));
      const { manifestHash, nodes } = await listNodes(pool);
      expect(manifestHash).toBe(before.manifestHash);
      const byId = new Map(nodes.map((node) => [node.id, node]));
      expect(byId.get('model.fixture.deal_names')?.sql).toContain('select upper(name) as name from "');
      expect(byId.get('source.fixture.hubspot.deals')).toMatchObject({ kind: 'source', databaseSchema: 'hubspot' });
      expect(byId.get(UNIQUE_DEALS)).toMatchObject({ test: { name: 'unique', column: 'id' }, status: 'pass' });
    }, 240_000);

    it('builds what the changed sources feed, stores each node and says so in the same transaction', async () => {
      const cycleId = await announce('hubspot');
      const run = await ended(cycleId);
      expect(run).toMatchObject({ status: 'succeeded', error: null, attempts: 1, sources: ['hubspot'] });
      expect(await results(run)).toEqual({
        'model.fixture.deals': 'success',
        'model.fixture.deal_names': 'success',
        [UNIQUE_DEALS]: 'pass',
      });
      expect((await pool.query('select name from analytics.deal_names order by 1')).rows).toEqual([
        { name: 'BIG' },
        { name: 'SMALL' },
      ]);
      expect(await announcements()).toEqual([
        { type: 'dbt.finished', cycleId, dbtRunId: run.id, outcome: 'succeeded' },
      ]);
    }, 240_000);

    it('builds once for all cycles that are loaded while a build runs', async () => {
      await closeGate();
      const first = await announce('hubspot');
      await building();
      const later = [await announce('xero'), await announce('hubspot')];
      await waitFor(async () => (await Promise.all(later.map(runOf))).every((run) => run?.status === 'queued'));
      await openGate();
      const runs = [await ended(first), ...(await Promise.all(later.map(ended)))];
      expect(runs.map((run) => run.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
      expect(new Set(runs.map((run) => run.id)).size).toBe(2);
      expect(runs[1]).toMatchObject({ sources: ['hubspot', 'xero'] });
      expect(await announcements()).toHaveLength(3);
    }, 240_000);

    it('fails the build with the names of the failing nodes, and keeps values of records out of the log', async () => {
      const run = await failedBuild();
      expect(run.error).toMatch(/^2 of 4 nodes failed: .*model\.fixture\.invoices/);
      expect(await results(run)).toMatchObject({
        'model.fixture.invoices': 'error',
        'model.fixture.deals': 'success',
        [UNIQUE_DEALS]: 'fail',
        'model.fixture.deal_names': 'skipped',
      });
      const { rows } = await pool.query(
        `select message from pipeline.dbt_results where unique_id = 'model.fixture.invoices'`,
      );
      expect(rows[0].message).toContain('four thousand');
      expect(await announcements()).toMatchObject([{ outcome: 'failed' }]);
      await waitFor(() => runner.log().includes('dbt build failed'));
      expect(runner.log()).toContain('model.fixture.invoices');
      expect(runner.log()).not.toContain('four thousand');
    }, 240_000);

    it('builds what failed again at once, with what was skipped because of it, once the data is mended', async () => {
      await failedBuild();
      await pool.query(`delete from xero.invoices where id = '2'; delete from hubspot.deals where name = 'big'`);
      const { failed, skipped, tested } = await listNodesToRetry(pool);
      expect([failed, skipped, tested]).toEqual([
        ['model.fixture.invoices', UNIQUE_DEALS],
        ['model.fixture.deal_names'],
        ['model.fixture.deals'],
      ]);
      const onlyNodes = [...failed, ...skipped, ...tested];
      const id = await inTransaction(pool, (client) =>
        requestBuild(client, { target: 'warehouse', sources: ['hubspot', 'xero'], onlyNodes, by: 'anna' }),
      );
      const run = await waitFor(
        async () =>
          (await pool.query<Run>('select * from pipeline.dbt_runs where id = $1 and finished_at is not null', [id]))
            .rows[0],
        { timeoutMs: BUILD_TIMEOUT_MS, what: 'the end of the build' },
      );
      expect(run).toMatchObject({ status: 'succeeded', error: null });
      expect(await results(run)).toMatchObject({ [UNIQUE_DEALS]: 'pass', 'model.fixture.deal_names': 'success' });
    }, 240_000);

    it('says file, line and text of a model that does not compile', async () => {
      const model = join(folder, 'project/models/broken.sql');
      await writeFile(model, 'select 1\n  from {{ ref( }}\n');
      const run = await ended(await announce('hubspot'));
      await rm(model);
      expect(run.status).toBe('failed');
      expect(run.error).toMatch(/Compilation Error in model broken \(models\/broken\.sql\): .*line 2/);
      await waitFor(() => runner.log().includes('Compilation Error in model broken'));
    }, 240_000);

    it('tells the graph of a changed project, where relationships lead from the node they are declared at', async () => {
      const { manifestHash } = await listNodes(pool);
      const declared = join(folder, 'project/models/refers.yml');
      await writeFile(declared, REFERS);
      await ended(await announce('hubspot'));
      const changed = await listNodes(pool);
      expect(changed.manifestHash).not.toBe(manifestHash);
      expect(changed.nodes.find(({ test }) => test?.name === 'relationships')).toMatchObject({
        ...{ parents: ['model.fixture.deal_names', 'model.fixture.deals'], status: 'warn' },
      });
      await rm(declared);
      await ended(await announce('hubspot'));
      expect((await listNodes(pool)).manifestHash).toBe(manifestHash);
    }, 240_000);

    it('builds only the nodes that were asked for, and what depends on them, until a cycle asks for more', async () => {
      const ask = (onlyNodes: string[]) =>
        inTransaction(pool, (client) =>
          requestBuild(client, { target: 'warehouse', sources: ['hubspot', 'xero'], onlyNodes, by: 'anna' }),
        );
      const built = async (id: string) => {
        await waitFor(
          async () =>
            (await pool.query('select from pipeline.dbt_runs where id = $1 and finished_at is not null', [id]))
              .rowCount === 1,
          { timeoutMs: BUILD_TIMEOUT_MS, what: 'the end of the build' },
        );
        const { rows } = await pool.query(
          'select unique_id from pipeline.dbt_results where dbt_run_id = $1 order by 1',
          [id],
        );
        return rows.map(({ unique_id }) => unique_id);
      };
      await ended(await announce('hubspot'));
      expect(await built(await ask(['model.fixture.deal_names']))).toEqual(['model.fixture.deal_names']);
      expect(await built(await ask(['model.fixture.deals']))).toEqual([
        ...['model.fixture.deal_names', 'model.fixture.deals', UNIQUE_DEALS],
      ]);
      expect(await built(await ask([UNIQUE_DEALS]))).toEqual([UNIQUE_DEALS]);
      await closeGate();
      const first = await announce('hubspot');
      await building();
      const waiting = await ask(['model.fixture.invoices']);
      const second = await announce('hubspot');
      await waitFor(async () => (await runOf(second))?.id === waiting);
      await openGate();
      await ended(first);
      expect(await built(waiting)).toContain('model.fixture.deals');
    }, 240_000);

    it('takes Jinja in a message, in a request and in a record for text', async () => {
      const cycleId = await announce(JINJA);
      await waitFor(() => runner.log().includes(cycleId), { timeoutMs: BUILD_TIMEOUT_MS, what: 'a dead letter' });
      expect(await runOf(cycleId)).toBeUndefined();
      await pool.query('insert into hubspot.deals values ($1, $1)', [JINJA]);
      const wish = { target: 'warehouse', sources: [JINJA, 'hubspot'], onlyNodes: null, by: 'anna' };
      const id = await inTransaction(pool, (client) => requestBuild(client, wish));
      const isBuilt = async () =>
        (await pool.query('select from pipeline.dbt_runs where id = $1 and finished_at is not null', [id])).rowCount;
      await waitFor(async () => (await isBuilt()) === 1, { timeoutMs: BUILD_TIMEOUT_MS, what: 'the end of the build' });
      const { rows } = await pool.query('select id from analytics.deals order by 1 desc');
      expect(rows).toEqual([JINJA, '2', '1'].map((deal) => ({ id: deal })));
      const told = await pool.query('select error, sources from pipeline.dbt_runs where id = $1', [id]);
      expect(told.rows).toEqual([{ error: null, sources: expect.arrayContaining([JINJA]) }]);
    }, 240_000);

    it('succeeds with nothing to do for a source that no model reads', async () => {
      const run = await ended(await announce('unknown'));
      expect(run.status).toBe('succeeded');
      expect(await results(run)).toEqual({});
    }, 240_000);
  });

  describe('with two others', () => {
    beforeAll(async () => {
      for (let count = 0; count < RUNNERS; count += 1) await startRunner();
    }, RUNNERS * BUILD_TIMEOUT_MS);
    afterAll(stopRunners, BUILD_TIMEOUT_MS);

    /** The runner that has begun this attempt. */
    const builderOf = ({ epoch }: Run) => {
      const runner = runners.find((one) => one.log().includes(`"epoch":${epoch},"sources"`));
      if (runner === undefined) throw new Error(`nobody has begun attempt ${epoch}`);
      return runner;
    };
    const live = async (cycleId: string) => {
      const run = await runOf(cycleId);
      if (run === undefined) throw new Error('the build is not recorded');
      return run;
    };

    it('builds one at a time, whoever of them is killed', async () => {
      for (let kill = 0; kill < RUNNERS - 1; kill += 1) {
        await closeGate();
        const cycleId = await announce('hubspot');
        await building();
        const run = await live(cycleId);
        // Its dbt and its statement in PostgreSQL may outlive it for a moment.
        await builderOf(run).kill();
        await expireLease(run);
        await waitFor(async () => (await runOf(cycleId))?.attempts === 2, { timeoutMs: BUILD_TIMEOUT_MS });
        await openGate();
        expect(await ended(cycleId)).toMatchObject({ status: 'succeeded', error: null, attempts: 2 });
        expect(await announcements()).toHaveLength(kill + 1);
      }
    }, 240_000);

    it('undoes a build with the next when the two do not know of each other (mutation)', async () => {
      await startRunner();
      await closeGate();
      const first = await announce('hubspot');
      await building();
      // Neither the index one_running_dbt_run nor a claim sees it now.
      await pool.query(`update pipeline.dbt_runs set target = 'elsewhere' where status = 'running'`);
      const second = await announce('hubspot');
      await waitFor(async () => (await runOf(second))?.status === 'running', { timeoutMs: BUILD_TIMEOUT_MS });
      await openGate();
      const statuses = (await Promise.all([first, second].map(ended))).map(({ status }) => status);
      expect(statuses).toContain('failed');
    }, 240_000);
  });

  describe('when something goes wrong', () => {
    afterEach(stopRunners, BUILD_TIMEOUT_MS);

    it('repeats a build whose runner was killed in the middle of it', async () => {
      const first = await startRunner();
      await closeGate();
      const cycleId = await announce('hubspot');
      await building();
      await first.kill();
      const run = await runOf(cycleId);
      if (run === undefined) throw new Error('the build is not recorded');
      await expireLease(run);
      await startRunner();
      await waitFor(async () => (await runOf(cycleId))?.attempts === 2, { timeoutMs: BUILD_TIMEOUT_MS });
      await openGate();
      expect(await ended(cycleId)).toMatchObject({ status: 'succeeded', attempts: 2 });
      expect(await announcements()).toHaveLength(1);
    }, 240_000);

    it('lets only one of two builds go on when a frozen runner wakes up after its lease', async () => {
      const frozen = await startRunner();
      await closeGate();
      const cycleId = await announce('hubspot');
      await building();
      frozen.signal('SIGSTOP');
      const run = await runOf(cycleId);
      if (run === undefined) throw new Error('the build is not recorded');
      await expireLease(run);
      await startRunner();
      await waitFor(async () => (await runOf(cycleId))?.attempts === 2, { timeoutMs: BUILD_TIMEOUT_MS });
      await building();
      frozen.signal('SIGCONT');
      await waitFor(() => /belongs to another dbt-runner|broke off/.test(frozen.log()), {
        timeoutMs: BUILD_TIMEOUT_MS,
      });
      await openGate();
      expect(await ended(cycleId)).toMatchObject({ status: 'succeeded', attempts: 2 });
      expect(await announcements()).toHaveLength(1);
    }, 240_000);

    it('builds again when it dies between the end of dbt and the record of it, twice in a row, and records it once', async () => {
      const cycleId = await announce('hubspot');
      for (let life = 0; life < 2; life += 1) {
        const runner = await startRunner({ FAILPOINT: 'dbt.after_build_before_record:1' });
        await waitFor(() => !runner.isRunning(), { timeoutMs: BUILD_TIMEOUT_MS, what: 'the death of the runner' });
        expect(runner.killedBy()).toBe('SIGKILL');
        const run = await runOf(cycleId);
        expect(run).toMatchObject({ status: 'running', attempts: life + 1 });
        if (run !== undefined) await expireLease(run);
      }
      await startRunner();
      expect(await ended(cycleId)).toMatchObject({ status: 'succeeded', error: null, attempts: 3 });
      expect(await announcements()).toHaveLength(1);
    }, 240_000);

    it('releases the build when it is asked to stop, and exits with 0', async () => {
      const first = await startRunner();
      await closeGate();
      const cycleId = await announce('hubspot');
      await building();
      expect(await first.stop()).toBe(0);
      expect(await runOf(cycleId)).toMatchObject({ status: 'running', lease_until: null, attempts: 0 });
      await openGate();
      await startRunner();
      expect(await ended(cycleId)).toMatchObject({ status: 'succeeded', attempts: 1 });
    }, 240_000);

    it('stops a build that takes longer than its time-out', async () => {
      await startRunner({ DBT_TIMEOUT_SECONDS: '10' });
      await closeGate();
      const run = await ended(await announce('hubspot'));
      expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('within 10 s') });
      await openGate();
      expect(await ended(await announce('hubspot'))).toMatchObject({ status: 'succeeded' });
    }, 240_000);

    it('sees a changed project without a restart, keeps the artifacts of the last builds only, and warns of stale sources', async () => {
      const runner = await startRunner({ DBT_RUNS_KEPT: '2', DBT_SOURCE_FRESHNESS: 'true' });
      for (let build = 0; build < 3; build += 1) await ended(await announce('hubspot'));
      const model = join(folder, 'project/models/deal_names.sql');
      await utimes(model, new Date(), new Date());
      const run = await ended(await announce('hubspot'));
      expect(await results(run)).toMatchObject({
        'source.fixture.hubspot.deals': 'warn',
        'model.fixture.deals': 'success',
      });
      expect(run.status).toBe('succeeded');
      expect(runner.log()).toContain('a source is not fresh');
      expect(runner.log().match(/dbt is loaded/g)).toHaveLength(1);
      await waitFor(async () => (await readdir(join(folder, 'dbt/runs'))).length === 2);
    }, 240_000);
  });
});

interface Run {
  id: string;
  epoch: string;
  status: string;
  error: string | null;
  attempts: number;
  sources: string[];
  lease_until: Date | null;
}

const TABLES = `
  create schema hubspot;
  create table hubspot.deals (id text, name text, _sdc_received_at timestamptz default clock_timestamp() - interval '2 hours');
  create schema xero;
  create table xero.invoices (id text, amount text);
  create schema probe;
  create table probe.gate ();
  create function probe.alone() returns boolean language plpgsql as $$
  begin
    if not pg_try_advisory_xact_lock(42) then raise exception 'two builds at once'; end if;
    perform from probe.gate;
    return true;
  end $$`;

const RESET = `
  truncate pipeline.dbt_runs, pipeline.outbox, hubspot.deals, xero.invoices cascade;
  insert into hubspot.deals values ('1', 'big'), ('2', 'small');
  insert into xero.invoices values ('1', '100')`;
