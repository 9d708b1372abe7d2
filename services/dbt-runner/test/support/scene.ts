import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, connectBroker } from '@pipeline/broker';
import { migrateControl } from '@pipeline/control';
import type { Pool, PoolClient } from '@pipeline/postgres';
import { commonTopology, EVENTS_EXCHANGE, type Logger } from '@pipeline/protocol';
import { createTestDatabase, createTestVhost, type TestDatabase, type TestVhost, waitFor } from '@pipeline/testing';
import { dbtPython } from '../../../../tests/support/dbt-python.ts';
import { type ServiceProcess, startService } from '../../../../tests/support/service-process.ts';

const PROJECT = join(import.meta.dirname, '../fixtures/project');
const PROFILE = join(import.meta.dirname, '../../../../dbt/profiles.yml');
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

export const BUILD_TIMEOUT_MS = 100_000;
const OPEN_TIMEOUT_MS = 60_000;
export const UNIQUE_DEALS = 'test.fixture.unique_deals_id.9497c087c1';

export interface Run {
  id: string;
  epoch: string;
  status: string;
  error: string | null;
  attempts: number;
  sources: string[];
  lease_until: Date | null;
}

interface Opened {
  database: TestDatabase;
  vhost: TestVhost;
  broker: Broker;
  folder: string;
}

/** The scene of a `describe`: open while its tests run, and as in the beginning before each. */
export function useScene(): Scene {
  const scene = new Scene();
  beforeAll(() => scene.open(), OPEN_TIMEOUT_MS);
  afterAll(() => scene.close(), OPEN_TIMEOUT_MS);
  beforeEach(() => scene.reset());
  afterEach(() => scene.openGate());
  return scene;
}

/** A warehouse with two sources, a project of dbt over them, and the runners that build it. */
export class Scene {
  readonly runners: ServiceProcess[] = [];
  #opened: Opened | undefined;
  #gate: PoolClient | undefined;

  get pool(): Pool {
    return this.#servers.database.pool;
  }

  /** The project is in `project` below it. */
  get folder(): string {
    return this.#servers.folder;
  }

  get #servers(): Opened {
    if (this.#opened === undefined) throw new Error('the scene is not open');
    return this.#opened;
  }

  async open(): Promise<void> {
    const [database, vhost] = await Promise.all([createTestDatabase(), createTestVhost()]);
    await migrateControl(database.pool);
    await database.pool.query(TABLES);
    const folder = await mkdtemp(join(tmpdir(), 'dbt-runner-test-'));
    await cp(PROJECT, join(folder, 'project'), { recursive: true });
    await cp(PROFILE, join(folder, 'project/profiles.yml'));
    const broker = await connectBroker({ url: vhost.url, name: 'test', logger: silent, topology: commonTopology });
    this.#opened = { database, vhost, broker, folder };
  }

  async close(): Promise<void> {
    if (this.#opened === undefined) return;
    const { broker, vhost, database, folder } = this.#opened;
    await broker.close();
    await vhost.delete();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }

  /** No builds yet, and the rows of the beginning. */
  async reset(): Promise<void> {
    await this.pool.query(RESET);
  }

  /** Returns when the runner has loaded dbt and waits for work. */
  async startRunner(environment: Record<string, string> = {}): Promise<ServiceProcess> {
    const runner = startService('dbt-runner', {
      ...this.#servers.database.environment,
      RABBITMQ_URL: this.#servers.vhost.url,
      DBT_PYTHON: dbtPython(),
      DBT_PROJECT_DIR: join(this.folder, 'project'),
      DISK_STORAGE_PATH: this.folder,
      ...environment,
    });
    this.runners.push(runner);
    await waitFor(() => runner.log().includes('"started"'), { timeoutMs: BUILD_TIMEOUT_MS, what: 'a started runner' });
    return runner;
  }

  async stopRunners(): Promise<void> {
    await Promise.all(
      this.runners.splice(0).map((runner) => {
        runner.signal('SIGCONT');
        return runner.stop();
      }),
    );
  }

  /** Says that a cycle has loaded these sources. Returns the cycle. */
  async announce(...sources: string[]): Promise<string> {
    const cycleId = randomUUID();
    await this.#servers.broker.publisher().publish({
      exchange: EVENTS_EXCHANGE,
      routingKey: 'cycle.loaded',
      messageId: cycleId,
      type: 'cycle.loaded',
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify({ type: 'cycle.loaded', cycleId, sources })),
    });
    return cycleId;
  }

  async runOf(cycleId: string): Promise<Run | undefined> {
    const { rows } = await this.pool.query<Run>('select * from pipeline.dbt_runs where cycle_ids @> array[$1::uuid]', [
      cycleId,
    ]);
    return rows[0];
  }

  /** The run of this cycle, when it is over. */
  ended(cycleId: string): Promise<Run> {
    const endedRun = async () => {
      const run = await this.runOf(cycleId);
      return run?.status === 'succeeded' || run?.status === 'failed' ? run : undefined;
    };
    return waitFor(endedRun, { timeoutMs: BUILD_TIMEOUT_MS, what: 'the end of the build' });
  }

  /** This run, when it is over. */
  finished(id: string): Promise<Run> {
    const finishedRun = async () => {
      const select = 'select * from pipeline.dbt_runs where id = $1 and finished_at is not null';
      return (await this.pool.query<Run>(select, [id])).rows[0];
    };
    return waitFor(finishedRun, { timeoutMs: BUILD_TIMEOUT_MS, what: 'the end of the build' });
  }

  /** What was said about the end of builds. */
  async announcements(): Promise<unknown[]> {
    const { rows } = await this.pool.query(`select body from pipeline.outbox where type = 'dbt.finished' order by id`);
    return rows.map(({ body }) => body);
  }

  /** The status of each node. */
  async results({ id }: Run): Promise<Record<string, string>> {
    const { rows } = await this.pool.query('select unique_id, status from pipeline.dbt_results where dbt_run_id = $1', [
      id,
    ]);
    return Object.fromEntries(rows.map((row) => [row.unique_id, row.status]));
  }

  /** The next build of `deals` takes as long as the gate is closed. */
  async closeGate(): Promise<void> {
    this.#gate = await this.pool.connect();
    // The gate stays closed for as long as a busy machine needs.
    await this.#gate.query('set idle_in_transaction_session_timeout = 0');
    await this.#gate.query('begin; lock table probe.gate in access exclusive mode');
  }

  async openGate(): Promise<void> {
    await this.#gate?.query('commit');
    this.#gate?.release();
    this.#gate = undefined;
  }

  /** The newest attempt to build this cycle waits at the gate, and not the session of one that has died. */
  async building(cycleId: string): Promise<void> {
    const isAtTheGate = async () => {
      const run = await this.runOf(cycleId);
      const { rowCount } = await this.pool.query(
        `select from pg_stat_activity where application_name like 'dbt/%/' || $1 and wait_event_type = 'Lock'`,
        [run?.epoch],
      );
      return rowCount;
    };
    await waitFor(isAtTheGate, { timeoutMs: BUILD_TIMEOUT_MS, what: 'a build that waits at the gate' });
  }

  /** As if the lease had run out. */
  async expireLease({ id }: Run): Promise<void> {
    await this.pool.query('update pipeline.dbt_runs set lease_until = clock_timestamp() where id = $1', [id]);
  }
}

const TABLES = `
  create schema hubspot;
  create table hubspot.deals (id text, name text, _sdc_received_at timestamptz default clock_timestamp() - interval '2 hours');
  create schema xero;
  create table xero.invoices (id text, amount text);
  create schema probe;
  create table probe.gate ();
  create table probe.sessions (pid int);
  create function probe.alone() returns boolean language plpgsql as $$
  begin
    if not pg_try_advisory_xact_lock(42) then raise exception 'two builds at once'; end if;
    perform from probe.gate;
    return true;
  end $$`;

const RESET = `
  truncate pipeline.dbt_runs, pipeline.outbox, probe.sessions, hubspot.deals, xero.invoices cascade;
  insert into hubspot.deals values ('1', 'big'), ('2', 'small');
  insert into xero.invoices values ('1', '100')`;
