import { randomBytes } from 'node:crypto';
import type { Settlement } from '@pipeline/broker';
import { archiveDeadLetter, type Claim, listAlerts } from '@pipeline/control';
import { createPool, type Pool } from '@pipeline/postgres';
import { batchesQueue, batchMessageId, batchRoutingKey } from '@pipeline/protocol';
import { Registry } from '@pipeline/service';
import type { JsonObject, SchemaMessage } from '@pipeline/singer';
import { type TestDatabase, waitFor } from '@pipeline/testing';
import { createWarehouse, type Warehouse } from '@pipeline/warehouse';
import { claim, controlDatabase, endCycles, startTasks } from '../../../libs/control/test/support.ts';
import { faultText } from '../../../tests/fault-texts.ts';
import { createBatchHandler } from '../src/batch-handler.ts';
import { createMetrics } from '../src/metrics.ts';
import { batchOf, limits, logger, schemaOf } from './support/batches.ts';

const QUEUE = batchesQueue('test');
/** 20 minutes become 72 s, and 2 minutes 7 s. */
const PATIENCE = 0.06;

describe('a loader whose database is in trouble', () => {
  // Roles belong to the server, which other test files share.
  const role = `loader_${randomBytes(4).toString('hex')}`;
  let database: TestDatabase;
  let pool: Pool;
  let stopping: AbortController;
  const warnings: string[] = [];
  let load: (task: Claim, records: JsonObject[], seq: number, schema?: SchemaMessage) => Promise<Settlement>;
  let loadWithDefect: typeof load;

  const admin = (text: string) => database.pool.query(text);
  const cutConnections = () =>
    admin(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}' and pid <> pg_backend_pid()`,
    );

  beforeAll(async () => {
    database = await controlDatabase();
    await admin(`create role ${role} login password 'first'`);
    await admin(`create schema test authorization ${role}`);
    await admin(`grant usage on schema pipeline to ${role}`);
    await admin(`grant all on all tables in schema pipeline to ${role}`);
    await admin(`grant usage on all sequences in schema pipeline to ${role}`);
    pool = createPool({ ...database.options, user: role, password: 'first', onError: () => undefined });
    stopping = new AbortController();
    const handlerOf = (warehouse: Warehouse) =>
      createBatchHandler({
        pool,
        warehouse,
        finaliser: { wake: () => undefined, stop: () => Promise.resolve() },
        metrics: createMetrics(new Registry()),
        logger: { ...logger, warn: (_: object, text: string) => void warnings.push(text) },
        limits,
        signal: stopping.signal,
        onDefect: () => undefined,
        patience: PATIENCE,
      });
    const warehouse = createWarehouse({ pool });
    const handle = handlerOf(warehouse);
    const defect = async () => Promise.reject(new TypeError('rows is not iterable'));
    const handleWithDefect = handlerOf({ ...warehouse, prepare: defect });
    const deliver = async (
      handler: typeof handle,
      task: Claim,
      records: JsonObject[],
      seq: number,
      schema?: SchemaMessage,
    ) => {
      const { headers, body } = await batchOf(task, { seq, records, ...(schema === undefined ? {} : { schema }) });
      const messageId = batchMessageId(headers);
      const routingKey = batchRoutingKey('test', task.stream);
      return handler({ queue: QUEUE, routingKey, messageId, headers: { ...headers }, body });
    };
    load = (...batch) => deliver(handle, ...batch);
    loadWithDefect = (...batch) => deliver(handleWithDefect, ...batch);
  });
  afterEach(() => endCycles(database.pool));
  afterAll(async () => {
    stopping.abort();
    await pool.end();
    await admin(`drop owned by ${role} cascade`);
    await admin(`drop role ${role}`);
    await database.drop();
  });

  const claimStream = async (stream: string): Promise<Claim> =>
    claim(database.pool, (await startTasks(database.pool, stream)).get(stream));
  const taskOf = async ({ taskId }: Claim) =>
    (await database.pool.query('select status, error from pipeline.tasks where id = $1', [taskId])).rows[0];

  const obstacles = async (runId: string) =>
    (await database.pool.query('select * from pipeline.present_obstacles where run_id = $1', [runId])).rows;

  /** The batch waits while the trouble lasts, and is loaded when it is over. Returns what the run says meanwhile. */
  const outlives = async (stream: string, begin: string[], end: string[]) => {
    const task = await claimStream(stream);
    expect(await load(task, [{ id: 1 }], 0)).toBe('ack');
    for (const statement of begin) await admin(statement);
    await cutConnections();
    let isSettled = false;
    const loaded = load(task, [{ id: 2 }], 1).finally(() => {
      isSettled = true;
    });
    const waits = await Promise.race([
      waitFor(async () => (await obstacles(task.runId)).find(({ kind }) => kind !== 'database_away')),
      // Nothing can be written: the scheduler tells of it.
      new Promise((resolve) => setTimeout(resolve, 3_000)).then(() => undefined),
    ]);
    expect(isSettled).toBe(false);
    for (const statement of end) await admin(statement);
    expect(await loaded).toBe('ack');
    const { rows } = await database.pool.query(`select id from test.${stream} order by id`);
    expect(rows).toEqual([{ id: '1' }, { id: '2' }]);
    expect(await obstacles(task.runId)).toEqual([]);
    return waits;
  };

  it('waits while the password of its role is another one', async () => {
    await outlives('rotated', [`alter role ${role} password 'second'`], [`alter role ${role} password 'first'`]);
    expect(warnings).toContainEqual(expect.stringMatching(faultText('passwordRotated')));
  });

  it('waits while the database is read-only', async () => {
    const setting = (value: string) => `alter role ${role} set default_transaction_read_only = ${value}`;
    // The sessions that were opened meanwhile keep the setting until they are closed.
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`;
    await outlives('read_only', [setting('on')], [setting('off'), cut]);
    expect(warnings).toContainEqual(expect.stringMatching(faultText('readOnly')));
  });

  it('waits while a right is missing, and the run says for what', async () => {
    const waits = await outlives(
      'revoked',
      ['alter table test.revoked owner to current_user', `revoke all on test.revoked from ${role}`],
      [`alter table test.revoked owner to ${role}`],
    );
    expect(waits).toMatchObject({ service: 'loader', subject: 'test.revoked', kind: 'right_missing' });
    expect(waits).toHaveProperty('message', expect.stringMatching(faultText('rightRevoked')));
  });

  it('is an alert when it lasts, and none when it is over', async () => {
    const task = await claimStream('alerted');
    const table = 'insert into pipeline.obstacles (service, subject, kind, message, remedy, run_id, since, seen_at)';
    const row = (seenAt: string) =>
      `values ('loader', 'test.alerted', 'right_missing', 'a right is missing', 'grant it', '${task.runId}', clock_timestamp() - interval '25 seconds', ${seenAt})`;
    await admin(`${table} ${row('clock_timestamp()')}`);
    expect((await listAlerts(database.pool)).filter(({ kind }) => kind === 'waiting')).toEqual([
      expect.objectContaining({
        subject: 'test.alerted',
        message: 'a right is missing: loader waits',
        remedy: 'grant it',
      }),
    ]);
    await admin(`update pipeline.obstacles set seen_at = clock_timestamp() - interval '61 seconds'`);
    expect((await listAlerts(database.pool)).filter(({ kind }) => kind === 'waiting')).toEqual([]);
  });

  it('fails the stream, with SQLSTATE, table and remedy, when the right does not come back', async () => {
    const task = await claimStream('gone');
    expect(await load(task, [{ id: 1 }], 0)).toBe('ack');
    await admin('alter table test.gone owner to current_user');
    await admin(`revoke all on test.gone from ${role}`);
    expect(await load(task, [{ id: 2 }], 1)).toBe('ack');
    expect(await taskOf(task)).toEqual({
      status: 'failed',
      error: expect.stringMatching(faultText('rightGone')),
    });
  });

  it('fails the stream whose column a policy keeps from being widened, and says so', async () => {
    const task = await claimStream('guarded');
    expect(await load(task, [{ id: 1 }], 0)).toBe('ack');
    await admin('create policy positive on test.guarded using (id > 0)');
    const text: SchemaMessage = {
      ...schemaOf('guarded'),
      schema: { type: 'object', properties: { id: { type: 'string' } } },
    };
    expect(await load(task, [{ id: 'no number' }], 1, text)).toBe('ack');
    const { status, error } = await taskOf(task);
    expect(status).toBe('failed');
    expect(error).toMatch(faultText('policyInTheWay'));
  });

  /** Why this batch is among the dead letters. */
  const reasonOf = (task: Claim, seq: number) => {
    const letter = {
      ...{ queue: QUEUE, exchange: 'pipeline.singer', routingKey: `singer.test.${task.stream}`, reason: 'rejected' },
      ...{ messageId: `${task.epoch}/${seq}`, properties: {}, headers: { epoch: task.epoch }, body: Buffer.from('') },
    };
    return archiveDeadLetter(database.pool, letter);
  };

  it('keeps why a batch became a dead letter', async () => {
    const task = await claimStream('changed');
    expect(await load(task, [{ id: 1 }], 0)).toBe('ack');
    expect(await load(task, [{ id: 2 }], 0)).toBe('dead-letter');
    expect(await reasonOf(task, 0)).toMatch(faultText('deadLetter'));
    const { rows } = await database.pool.query('select code from pipeline.dead_letters');
    expect(rows).toEqual([{ code: 'BATCH_CONTENT_CHANGED' }]);
  });

  it('keeps the text of an error that nobody foresaw, after three tries', async () => {
    const task = await claimStream('unforeseen');
    expect(await loadWithDefect(task, [{ id: 1 }], 0)).toBe('dead-letter');
    expect(await reasonOf(task, 0)).toMatch(faultText('unknownError'));
  });
});
