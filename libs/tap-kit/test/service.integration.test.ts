import { createHash } from 'node:crypto';
import { listAccountEgress } from '@pipeline/control';
import { waitFor } from '@pipeline/testing';
import { listOf, usedUp } from './support/demo-api.ts';
import { PATIENT } from './support/demo-process.ts';
import { DemoStack } from './support/demo-stack.ts';
import { typesOf } from './support/received-batch.ts';

let stack: DemoStack;
const ONE_DEAL = listOf([[{ id: '1', updated_at: '2026-01-01T00:00:00Z', amount: 1 }]]);

beforeAll(async () => {
  stack = await DemoStack.start();
});
afterAll(() => stack.stop());
afterEach(async () => {
  await stack.reset();
  stack.api.deals = ONE_DEAL;
  stack.api.owners = listOf([[{ id: 'o1' }]]);
});

const startRegistered = (environment?: Record<string, string>) => stack.startRegistered(environment);
const ofTask = (stream: string) =>
  stack.batches
    .filter((batch) => batch.headers.stream.startsWith(stream))
    .sort((a, b) => a.headers.seq - b.headers.seq);
const receivedToday = async () =>
  (await listAccountEgress(stack.database.pool)).reduce((sum, { today }) => sum + today, 0);
const until = (stream: string, status: string) =>
  waitFor(async () => (await stack.tasks())[stream]?.status === status, { ...PATIENT, what: `${stream} ${status}` });

test('registers its pipeline with the selected streams', async () => {
  await startRegistered();
  const { rows } = await stack.database.pool.query('select name, source, streams from pipeline.pipelines');
  expect(rows).toEqual([
    {
      name: 'pipeline_demo_to_postgres',
      source: 'demo',
      streams: [
        { name: 'deals', children: ['deals_companies'], replicationKey: 'updated_at' },
        { name: 'owners', children: [] },
      ],
    },
  ]);
});

test('sends a run as numbered Singer documents, the last with the manifest, and hands the task to the loaders', async () => {
  stack.api.deals = listOf(['[{"id":"1","amount":9007199254740993.10}]', [{ id: '2' }, { id: '3' }]]);
  const tap = await startRegistered();
  await stack.run();
  await until('deals', 'loading');
  await until('owners', 'loading');
  await waitFor(() => stack.batches.filter((batch) => batch.headers.final).length === 2);

  const deals = ofTask('deals');
  expect(deals.map(({ headers }) => headers.seq)).toEqual(deals.map((_, index) => index));
  expect(deals.map(({ headers }) => headers.final)).toEqual([...deals.slice(1).map(() => false), true]);
  for (const batch of deals) {
    expect(typesOf(batch)?.[0]).toBe('SCHEMA');
    expect(typesOf(batch)?.filter((type) => type === 'RECORD')).toHaveLength(batch.headers.rows);
    expect(typesOf(batch)?.includes('STATE')).toBe(batch.headers.checkpoint);
  }
  expect(deals.flatMap(({ lines }) => lines).join('\n')).toContain('"amount":9007199254740993.10');
  expect(deals.at(-1)?.manifest).toEqual({
    lastSeq: deals.length - 1,
    complete: true,
    streams: {
      deals: { rows: 3, deletes: { kind: 'none' } },
      deals_companies: { rows: 3, deletes: { kind: 'none' } },
    },
  });
  expect(ofTask('owners').at(-1)?.manifest?.streams['owners']).toEqual({ rows: 1, deletes: { kind: 'absent' } });
  expect(typesOf(deals.at(-1))?.at(-1)).toBe('STATE');
  const log = tap.stdout() + tap.stderr();
  expect(log).toMatch(/RECORDs extracted/);
  expect(log + stack.batches.map(({ lines }) => lines.join()).join()).not.toContain(stack.api.token);
});

test('a batch says its own hash, and an empty stream still brings its schema', async () => {
  stack.api.deals = listOf([[]]);
  await startRegistered();
  await stack.run();
  await until('deals', 'loading');
  await waitFor(() => ofTask('deals').some((batch) => batch.headers.final));
  const deals = ofTask('deals');
  expect(deals.map(({ headers }) => [headers.stream, headers.rows])).toEqual([
    ['deals', 0],
    ['deals_companies', 0],
  ]);
  for (const { headers, body } of deals) {
    expect(createHash('sha256').update(body).digest('hex')).toBe(headers.sha256);
  }
});

test("wrong credentials fail the task with the source's reason and what to do", async () => {
  const tap = await startRegistered({ DEMO_TOKEN: 'canary-wrong-token' });
  await stack.run();
  await until('deals', 'failed');
  expect((await stack.tasks())['deals']?.error).toMatch(/does not accept the credentials \(401\): check the token/);
  expect(stack.batches).toEqual([]);
  expect(tap.stdout() + tap.stderr()).not.toContain('canary-wrong-token');
});

test('one stream that fails does not stop the others', async () => {
  stack.api.deals = (_asked, response) => void response.writeHead(400).end('{}');
  await startRegistered();
  await stack.run();
  await until('deals', 'failed');
  await until('owners', 'loading');
});

test('a limit that lasts for hours ends the task incomplete, with its checkpoints and without deletes', async () => {
  stack.api.owners = (asked, response) => {
    if (asked.page > 0) return void response.writeHead(429, { 'retry-after': '36000' }).end('{}');
    return listOf([[{ id: 'o1' }], []])(asked, response);
  };
  await startRegistered();
  await stack.run();
  await until('owners', 'loading');
  await waitFor(() => ofTask('owners').some((batch) => batch.headers.final));
  expect(ofTask('owners').at(-1)?.manifest).toEqual({
    lastSeq: 0,
    complete: false,
    reason: 'SOURCE_RATE_LIMITED: the source limits the rate of requests (429) [GET /owners]',
    streams: { owners: { rows: 1, deletes: { kind: 'none' } } },
  });
});

test('a limit that lasts for hours and is met before the read ends the task incomplete too, with its bookmark', async () => {
  stack.api.me = usedUp;
  await startRegistered();
  await stack.run();
  await until('owners', 'loading');
  await waitFor(() => ofTask('owners').some((batch) => batch.headers.final));
  stack.api.me = (_asked, response) => void response.end('{}');
  expect(stack.api.requests).not.toContain('/owners?page=0');
  expect(ofTask('owners').map(typesOf)).toEqual([['SCHEMA']]);
  expect(ofTask('owners').at(-1)?.manifest).toEqual({
    lastSeq: 0,
    complete: false,
    reason: 'SOURCE_RATE_LIMITED: the source limits the rate of requests (429) [GET /me]',
    streams: { owners: { rows: 0, deletes: { kind: 'none' } } },
  });
});

test('how far an attempt is, and which limit it waits for, can be seen', async () => {
  await startRegistered({ TAP_RATE_LIMIT_FACTOR: '0.01' });
  await stack.run();
  await until('deals', 'loading');
  await until('owners', 'loading');
  const { rows } = await stack.database.pool.query<{ stream: string; rows: number; requests: number }>(
    `select a.stream, p.rows_read::int as rows, p.requests::int from pipeline.attempt_progress p
     join pipeline.attempts a using (epoch) order by a.epoch desc limit 2`,
  );
  expect(rows.sort((one, other) => one.stream.localeCompare(other.stream))).toMatchObject([
    { stream: 'deals', rows: 2 },
    { stream: 'owners', rows: 1 },
  ]);
  for (const { requests } of rows) expect(requests).toBeGreaterThan(0);
  const { rows: waits } = await stack.database.pool.query(
    `select distinct limit_name from pipeline.waits where until_at - from_at >= interval '0.5 s'`,
  );
  expect(waits).toEqual([{ limit_name: 'second' }]);
});

test('at capacity the commands stay in the queue for other replicas', async () => {
  const held: (() => void)[] = [];
  const release = () => {
    for (const respond of held.splice(0)) respond();
  };
  stack.api.deals = (asked, response) => void held.push(() => ONE_DEAL(asked, response));
  stack.api.owners = (asked, response) => void held.push(() => listOf([[{ id: 'o1' }]])(asked, response));
  await startRegistered({ TAP_CONCURRENCY: '1' });
  await stack.run();
  await waitFor(() => held.length === 1, PATIENT);
  await waitFor(async () => {
    const { messages, consumers } = await stack.broker.queueDepth('tap-demo.commands');
    return messages === 1 && consumers === 0;
  });
  const statuses = Object.values(await stack.tasks()).map((task) => task.status);
  expect(statuses.sort()).toEqual(['queued', 'running']);
  await waitFor(async () => {
    release();
    return Object.values(await stack.tasks()).every((task) => task.status === 'loading');
  }, PATIENT);
});

test('on SIGTERM it finishes the page, releases its task at once and exits with 0 in time', async () => {
  const pages = Array.from({ length: 1_000 }, (_, id) => [{ id: String(id) }]);
  stack.api.deals = (asked, response) => void setTimeout(() => listOf(pages)(asked, response), 50);
  const tap = await startRegistered();
  const received = [await receivedToday()];
  await stack.run();
  await waitFor(() => stack.api.requests.some((path) => path === '/deals?page=3'), PATIENT);
  const signalledAt = performance.now();
  tap.child.kill('SIGTERM');
  expect(await tap.exited).toBe(0);
  expect(performance.now() - signalledAt).toBeLessThan(10_000);
  expect((await stack.tasks())['deals']).toMatchObject({ status: 'queued', attempts: 0 });
  expect(stack.batches.filter((batch) => batch.headers.stream === 'deals' && batch.headers.final)).toEqual([]);
  received.push(await receivedToday());

  // Another replica goes on.
  stack.api.deals = ONE_DEAL;
  await stack.relay();
  stack.startTap();
  await until('deals', 'loading');
  received.push(await receivedToday());
  // What the account has sent is counted over processes.
  expect(new Set(received).size).toBe(3);
  expect(received.toSorted((one, other) => one - other)).toEqual(received);
});

test('a tap that has lost its lease stops reading and leaves the task to its new owner', async () => {
  const pages = Array.from({ length: 1_000 }, (_, id) => [{ id: String(id) }]);
  stack.api.deals = (asked, response) => void setTimeout(() => listOf(pages)(asked, response), 50);
  const tap = await startRegistered({ TAP_LEASE_SECONDS: '2' });
  await stack.run();
  await waitFor(() => stack.api.requests.some((path) => path === '/deals?page=3'), PATIENT);
  await stack.database.pool.query(`update pipeline.attempts set outcome = 'superseded' where stream = 'deals'`);
  await waitFor(() => tap.stdout().includes('has lost its lease'), PATIENT);
  const asked = stack.api.requests.length;
  await until('owners', 'loading');
  expect(stack.api.requests.filter((path) => path.startsWith('/deals')).length).toBeLessThanOrEqual(asked);
  expect((await stack.tasks())['deals']?.status).toBe('running');
  expect(ofTask('deals').filter((batch) => batch.headers.final)).toEqual([]);
});

test('a message that is no command goes to the dead letters, and a command for a task that is over is dropped', async () => {
  await startRegistered();
  const publish = (body: string) =>
    stack.broker.publisher().publish({
      exchange: 'pipeline.commands',
      routingKey: 'run.demo',
      messageId: 'x',
      type: 'run',
      contentType: 'application/json',
      body: Buffer.from(body),
    });
  await publish('{"type":"drop tables"}');
  await waitFor(async () => (await stack.broker.queueDepth('dead-letters')).messages === 1, PATIENT);
  const id = '00000000-0000-4000-8000-000000000000';
  await publish(JSON.stringify({ type: 'run', pipeline: 'p', source: 'demo', runId: id, taskId: id, stream: 'deals' }));
  await waitFor(async () => (await stack.broker.queueDepth('tap-demo.commands')).messages === 0, PATIENT);
  expect((await stack.broker.queueDepth('dead-letters')).messages).toBe(1);
  await stack.purge('dead-letters');
});
