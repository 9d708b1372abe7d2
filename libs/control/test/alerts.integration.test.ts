import { inTransaction, type PoolClient } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import {
  archiveDeadLetter,
  claimTask,
  electLeader,
  failTask,
  listAlerts,
  listTasks,
  registerPipeline,
  requestDbtRun,
  signInstance,
} from '../src/index.ts';
import { claim, controlDatabase, loadBatch, PIPELINE, startTasks } from './support.ts';

class Undo extends Error {}

describe('the alerts', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
    await registerPipeline(database.pool, { name: PIPELINE, source: 'test', streams: [] });
  });
  beforeEach(async () => {
    await electLeader(database.pool, 'scheduler', 'leader', 3_600_000);
    await registerPipeline(database.pool, { name: PIPELINE, source: 'test', streams: [] });
  });
  afterAll(() => database.drop());

  /** The alerts that these statements bring about; they are undone. */
  const alertsAfter = async (...statements: (string | ((client: PoolClient) => Promise<unknown>))[]) => {
    let alerts: { kind: string; subject: string; message: string; remedy: string }[] = [];
    const undone = inTransaction(database.pool, async (client) => {
      for (const statement of statements) {
        await (typeof statement === 'string' ? client.query(statement) : statement(client));
      }
      alerts = (await listAlerts(client)).map(({ since: _, ...alert }) => alert);
      throw new Undo();
    });
    await expect(undone).rejects.toThrow(Undo);
    return alerts;
  };
  const agesAgo = (table: string, column: string) =>
    `update pipeline.${table} set ${column} = ${column} - interval '1 hour'`;

  it('are none while all is well', async () => {
    expect(await alertsAfter()).toEqual([]);
  });

  it('say that nobody leads, and that a tap is gone unless its pipeline is paused', async () => {
    expect(await alertsAfter('delete from pipeline.leaders')).toMatchObject([{ kind: 'no_scheduler' }]);
    expect(await alertsAfter(agesAgo('leaders', 'lease_until'), agesAgo('leaders', 'lease_until'))).toMatchObject([
      { kind: 'no_scheduler' },
    ]);
    const gone = agesAgo('pipelines', 'seen_at');
    expect(await alertsAfter(gone)).toMatchObject([
      { kind: 'no_tap', subject: PIPELINE, remedy: 'start tap-test, or pause the pipeline' },
    ]);
    expect(await alertsAfter(gone, 'update pipeline.pipelines set paused = true')).toEqual([]);
  });

  it('say that a run has not moved, and are silent while it does', async () => {
    const tasks = await startTasks(database.pool, 'deals', 'owners');
    const task = await claim(database.pool, tasks.get('deals'));
    await loadBatch(database.pool, task, { seq: 0 });
    const published = 'update pipeline.outbox set published_at = clock_timestamp()';
    const old = ['queued_at', 'finished_at'].map((column) => agesAgo('tasks', column));
    const stuck = [published, ...old, agesAgo('attempts', 'started_at'), agesAgo('attempts', 'progress_at')];
    expect(await alertsAfter(...stuck)).toEqual([]);
    expect(await alertsAfter(...stuck, agesAgo('ledger', 'loaded_at'))).toMatchObject([
      { kind: 'stuck_run', subject: PIPELINE, message: expect.stringContaining('deals running, owners queued') },
    ]);
    await database.pool.query('truncate pipeline.cycles, pipeline.outbox cascade');
  });

  it('say that a lease ran out and nobody has ended the attempt', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    await claimTask(database.pool, { taskId: tasks.get('deals') ?? '', claimedBy: 'dead' });
    expect(await alertsAfter()).toEqual([]);
    expect(await alertsAfter(agesAgo('attempts', 'lease_until'))).toMatchObject([
      { kind: 'dead_lease', subject: `${PIPELINE}/deals` },
    ]);
    await database.pool.query('truncate pipeline.cycles, pipeline.outbox cascade');
  });

  it('say of the last run of a pipeline that it failed, until one succeeds', async () => {
    await startTasks(database.pool, 'deals');
    const end = (status: string) =>
      `update pipeline.runs set status = '${status}', error = 'deals: no token', finished_at = clock_timestamp()`;
    const idle = `update pipeline.tasks set status = 'failed'; update pipeline.cycles set status = 'failed'`;
    expect(await alertsAfter(idle, end('failed'))).toMatchObject([{ kind: 'failed_run', message: 'deals: no token' }]);
    expect(await alertsAfter(idle, end('cancelled'))).toEqual([]);
    await database.pool.query('truncate pipeline.cycles, pipeline.outbox cascade');
  });

  it('say that messages wait for the broker, but not of those that have just been written', async () => {
    await startTasks(database.pool, 'deals');
    expect(await alertsAfter()).toEqual([]);
    expect(await alertsAfter(agesAgo('outbox', 'created_at'))).toMatchObject([
      { kind: 'outbox_waiting', subject: 'pipeline.commands', message: '1 commands or events are not published' },
    ]);
    await database.pool.query('truncate pipeline.cycles, pipeline.outbox cascade');
  });

  it('say what nobody has dealt with: dead letters by queue, rejected records by stream', async () => {
    const letter = { exchange: 'pipeline.singer', routingKey: 'singer.test.deals', messageId: null, headers: {} };
    const archive = (reason: string) => (client: PoolClient) =>
      archiveDeadLetter(client, { ...letter, queue: 'loader.test', reason, properties: {}, body: Buffer.alloc(1) });
    expect(await alertsAfter(archive('delivery_limit'), archive('rejected'))).toMatchObject([
      {
        kind: 'dead_letters',
        subject: 'loader.test',
        message: '2 messages could not be handled, the last one because: rejected',
      },
    ]);
    const closed = `update pipeline.dead_letters set status = 'discarded'`;
    expect(await alertsAfter(archive('rejected'), closed)).toEqual([]);
    const reject = `insert into pipeline.rejected_records (pipeline, stream, reason, record) values ('${PIPELINE}', 'deals', 'r', '{}')`;
    expect(await alertsAfter(reject, reject)).toMatchObject([
      { kind: 'rejected_records', subject: `${PIPELINE}/deals`, message: '2 records do not fit' },
    ]);
  });

  /** A loader gives a sign of life. */
  const signs = (client: PoolClient) =>
    signInstance(client, {
      ...{ service: 'loader', version: '1', state: 'ready', memoryBytes: 1, cpu: 0, checks: {}, settings: [] },
      ...{ id: crypto.randomUUID(), startedAt: new Date(), logLinesDropped: 0 },
    });
  const silent = agesAgo('instances', 'seen_at');
  /** Work for that loader, and what its run then shows that it waits for. */
  const startWork = async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const { runId } = await claim(database.pool, tasks.get('deals'));
    const waits: (string | null)[] = [];
    const readWaits = async (client: PoolClient) => {
      waits.splice(0, waits.length, ...(await listTasks(client, runId)).map(({ waitingFor }) => waitingFor));
    };
    return { waits, readWaits };
  };

  it('say that a service is silent while there is work for it, and so does the run', async () => {
    expect(await alertsAfter(signs, silent)).toEqual([]);
    const { waits, readWaits } = await startWork();
    expect(await alertsAfter(signs, readWaits)).toEqual([]);
    expect(waits).toEqual([null]);
    expect(await alertsAfter(signs, silent, readWaits)).toMatchObject([
      {
        kind: 'waiting',
        subject: 'loader',
        code: 'SERVICE_SILENT',
        message: 'loader gives no sign of life: it is not running, or cannot reach PostgreSQL: loader waits',
      },
    ]);
    expect(waits).toEqual([expect.stringMatching(/^loader gives no sign of life.* \(since [\d:]{8} UTC\)$/)]);
    expect(await alertsAfter(signs, silent, signs)).toEqual([]);
    await database.pool.query('truncate pipeline.cycles, pipeline.outbox cascade');
  });

  it('would say nothing of a service that is cut off if only what services say were shown (mutation)', async () => {
    const onlySaid = `create or replace view pipeline.present_obstacles as
      select service, subject, kind, code, message, remedy, pipeline, stream, run_id, since, seen_at from pipeline.obstacles`;
    const { waits, readWaits } = await startWork();
    expect(await alertsAfter(onlySaid, signs, silent, readWaits)).toEqual([]);
    expect(waits).toEqual([null]);
    await database.pool.query('truncate pipeline.cycles, pipeline.outbox cascade');
  });

  it('have the code of what they are about', async () => {
    const failed = await startTasks(database.pool, 'deals');
    const { epoch } = await claim(database.pool, failed.get('deals'));
    await failTask(database.pool, epoch, { error: 'no access', code: 'SOURCE_FORBIDDEN', retry: false });
    expect(await alertsAfter()).toMatchObject([{ kind: 'failed_run', subject: PIPELINE, code: 'SOURCE_FORBIDDEN' }]);
    const { rows } = await database.pool.query(
      `select r.error_code as run, s.error_code as stream from pipeline.run_summary r join pipeline.stream_runs s using (run_id)
       where r.status = 'failed'`,
    );
    expect(rows).toEqual([{ run: 'SOURCE_FORBIDDEN', stream: 'SOURCE_FORBIDDEN' }]);
    await database.pool.query('truncate pipeline.cycles, pipeline.outbox cascade');
    expect(await alertsAfter('delete from pipeline.leaders')).toMatchObject([{ code: 'NO_SCHEDULER' }]);
  });

  it('say that a build waits and nobody builds', async () => {
    const request = { target: 'warehouse', cycleId: crypto.randomUUID(), sources: [] };
    await requestDbtRun(database.pool, request);
    expect(await alertsAfter()).toEqual([]);
    const old = agesAgo('dbt_runs', 'requested_at');
    expect(await alertsAfter(old)).toMatchObject([{ kind: 'dbt_waiting', subject: 'warehouse' }]);
    const dead = `update pipeline.dbt_runs set status = 'running', lease_until = clock_timestamp() - interval '1 hour'`;
    expect(await alertsAfter(dead)).toMatchObject([{ kind: 'dbt_waiting' }]);
    const alive = `update pipeline.dbt_runs set status = 'running', lease_until = clock_timestamp() + interval '1 minute'`;
    expect(await alertsAfter(old, alive)).toEqual([]);
  });

  it('say that an invariant is broken', async () => {
    const state = `insert into pipeline.states (pipeline, stream, value, epoch, seq, set_by) values ('${PIPELINE}', 'deals', '{}', 1, 5, 'x')`;
    await startTasks(database.pool, 'deals');
    await database.pool.query(`alter sequence pipeline.epoch_seq restart with 1`);
    const tasks = await database.pool.query('select id from pipeline.tasks');
    await claim(database.pool, tasks.rows[0].id);
    expect(await alertsAfter(state)).toMatchObject([
      { kind: 'violation', subject: `${PIPELINE}/deals/1`, message: expect.stringMatching(/^I1/) },
    ]);
  });
});
