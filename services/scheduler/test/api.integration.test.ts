import { createServer, type Server } from 'node:http';
import { type Broker, connectBroker, type Delivery } from '@pipeline/broker';
import { commonTopology, mergeTopologies, sourceTopology } from '@pipeline/contracts';
import { claimTask, migrateControl, registerPipeline, startCycle, startRun } from '@pipeline/control';
import { inTransaction } from '@pipeline/postgres';
import { createTestDatabase, createTestVhost, type TestDatabase, type TestVhost, waitFor } from '@pipeline/testing';
import express from 'express';
import { currentAlerts } from '../src/alerts.ts';
import { addRoutes } from '../src/api/routes.ts';
import { archiveDeadLetters } from '../src/dead-letter-archive.ts';
import { createTroubles } from '../src/troubles.ts';

const TOKEN = 'a-token-of-16-characters';
const PIPELINE = 'pipeline_test_to_postgres';
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };

describe('the API', () => {
  let database: TestDatabase;
  let vhost: TestVhost;
  let broker: Broker;
  let server: Server;
  let wakes = 0;

  const call = async (method: string, path: string, body?: string, token = TOKEN) => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const response = await fetch(`http://127.0.0.1:${port}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, text: await response.text() };
  };

  beforeAll(async () => {
    database = await createTestDatabase({ name: 'scheduler_api', prepare: migrateControl });
    vhost = await createTestVhost();
    const topology = mergeTopologies(commonTopology, sourceTopology('test'));
    broker = await connectBroker({ url: vhost.url, name: 'test', logger, topology });
    await registerPipeline(database.pool, {
      name: PIPELINE,
      source: 'test',
      streams: [{ name: 'deals', children: [], replicationKey: 'updatedDate' }],
    });
    const app = express();
    const publisher = broker.publisher();
    const alerts = () => currentAlerts({ pool: database.pool, broker, troubles: createTroubles() });
    addRoutes(app, { pool: database.pool, publisher, alerts, token: TOKEN, wake: () => void wakes++ });
    server = createServer(app).listen(0, '127.0.0.1');
    await waitFor(() => server.listening);
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await broker.close();
    await vhost.delete();
    await database.drop();
  });

  it.each([
    ['GET', '/dead-letters'],
    ['POST', '/dead-letters/1/replay'],
    ['GET', '/rejected-records/1'],
    ['POST', '/rejected-records/replay'],
    ['PUT', '/pipelines/test/streams/deals/state'],
    ['DELETE', '/pipelines/test/streams/deals/state'],
    ['POST', '/pipelines/test/pause'],
    ['POST', '/pipelines/:name/runs'],
    ['POST', '/runs/1/cancel'],
  ])('asks for the token on %s %s', async (method, path) => {
    expect(await call(method, path, undefined, 'wrong')).toMatchObject({ status: 401 });
  });

  it('says in its status what needs a person, without a token', async () => {
    const { status, text } = await call('GET', '/status', undefined, 'wrong');
    expect(status).toBe(200);
    expect(JSON.parse(text).alerts).toEqual([
      expect.objectContaining({ kind: 'no_scheduler', subject: 'scheduler', remedy: expect.stringContaining('start') }),
    ]);
  });

  it('gives back a state as it was set, digit by digit', async () => {
    const state = '{"bookmarks":{"deals":{"id":12345678901234567890,"updatedDate":"2026-03-01T00:00:00Z"}}}';
    expect((await call('PUT', '/pipelines/test/streams/deals/state', state)).status).toBe(200);
    expect((await call('GET', '/pipelines/test/streams/deals/state')).text).toContain('12345678901234567890');
  });

  it('moves a bookmark back and asks for a run', async () => {
    const before = wakes;
    const answer = await call('POST', '/pipelines/test/streams/deals/backfill', '{"from":"2026-01-31"}');
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.text)).toEqual({ from: '2026-01-31T00:00:00.000Z', restarted: false, requested: true });
    expect(wakes).toBe(before + 1);
  });

  it('says what is wrong with a request, and changes nothing', async () => {
    const path = '/pipelines/test/streams/deals';
    expect(await call('PUT', `${path}/state`, '{"deals": 1}')).toMatchObject({ status: 400 });
    expect(await call('PUT', `${path}/state`, 'nonsense')).toMatchObject({ status: 400 });
    expect(await call('POST', `${path}/backfill`, '{"from":"soon"}')).toMatchObject({ status: 400 });
    expect(await call('POST', `${path}/refresh`, '{"massDeletes":"yes"}')).toMatchObject({ status: 400 });
    expect(await call('DELETE', '/pipelines/test/streams/tickets/state')).toMatchObject({ status: 404 });
    expect(await call('POST', '/pipelines/nobody/pause')).toMatchObject({ status: 404 });
    expect(await call('POST', '/dead-letters/0/replay')).toMatchObject({ status: 400 });
    expect(await call('POST', `/runs/${crypto.randomUUID()}/cancel`)).toMatchObject({ status: 404 });
    const later = await call('POST', `${path}/backfill`, '{"from":"2099-01-01"}');
    expect(later.status).toBe(409);
    expect(later.text).toContain('would leave out');
  });

  it('sends the dead letter of a live attempt again, byte for byte', async () => {
    const cycleId = (await startCycle(database.pool, [PIPELINE])) ?? '';
    await inTransaction(database.pool, (client) => startRun(client, cycleId, PIPELINE));
    const { rows } = await database.pool.query('select id from pipeline.tasks');
    const task = await claimTask(database.pool, { taskId: rows[0].id, claimedBy: 'tap' });
    if (task === undefined) throw new Error('the task cannot be claimed');
    const body = Buffer.from([0, 255, 1, 254]);
    const headers = {
      v: 1,
      source: 'test',
      pipeline: PIPELINE,
      run: task.runId,
      task: task.taskId,
      epoch: task.epoch,
      stream: 'deals',
    };
    const batch = { seq: 0, rows: 1, sha256: 'a'.repeat(64), checkpoint: false, final: false };
    const received: Delivery[] = [];
    await broker.consume({ queue: 'loader.test', prefetch: 1 }, async (delivery) => {
      received.push(delivery);
      return received.length === 1 ? 'dead-letter' : 'ack';
    });
    await archiveDeadLetters({ pool: database.pool, broker, logger });
    await broker.publisher().publish({
      exchange: 'pipeline.singer',
      routingKey: 'singer.test.deals',
      messageId: `${task.epoch}/0`,
      type: 'batch',
      headers: { ...headers, ...batch },
      contentType: 'application/x-ndjson',
      contentEncoding: 'zstd',
      body,
    });
    const listed = async () => JSON.parse((await call('GET', '/dead-letters')).text).deadLetters;
    await waitFor(async () => (await listed()).length === 1);
    const [{ id }] = await listed();
    expect(await call('POST', `/dead-letters/${id}/replay`)).toMatchObject({ status: 200 });
    await waitFor(() => received.length === 2);
    const { routingKey, messageId, type, contentEncoding } = received[0] ?? {};
    expect(received[1]).toMatchObject({
      routingKey,
      messageId,
      type,
      contentEncoding,
      body,
      headers: { ...headers, ...batch },
    });
    expect(await listed()).toEqual([]);
    expect(await call('POST', `/dead-letters/${id}/replay`)).toMatchObject({ status: 409 });
    expect(await call('POST', `/runs/${task.runId}/cancel`)).toMatchObject({ status: 200 });
  });
});
