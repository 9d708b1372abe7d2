import { randomBytes, randomUUID } from 'node:crypto';
import {
  connectionSecretName,
  encrypt,
  encryptionKey,
  insertConnection,
  listSources,
  newestChecks,
  readCheck,
  readConnection,
  removeConnection,
  requestCheck,
  requestConnectionCheck,
  startCycle,
  startRun,
  trialSecretName,
  updateConnection,
} from '@pipeline/control';
import { inTransaction } from '@pipeline/postgres';
import { pipelineName } from '@pipeline/protocol';
import { waitFor } from '@pipeline/testing';
import { DemoApi, listOf } from './support/demo-api.ts';
import { PATIENT } from './support/demo-process.ts';
import { DemoStack } from './support/demo-stack.ts';

const KEY = randomBytes(32).toString('hex');
const key = encryptionKey(KEY);

let stack: DemoStack;
/** A second account of the same source. */
const second = new DemoApi('canary-second-token');

beforeAll(async () => {
  stack = await DemoStack.start();
  await second.start();
});
afterEach(async () => {
  await stack.reset();
  await stack.database.pool.query('truncate pipeline.connections, pipeline.pipelines cascade');
});
afterAll(async () => {
  await second.stop();
  await stack.stop();
});

const encryptJson = (name: string, value: object) => ({
  sealed: encrypt(key, name, JSON.stringify(value)),
  keyId: key.id,
});
const draft = (token: string, select: string[] | null = ['owners']) => ({
  ...{ name: 'second', source: 'demo', targetSchema: 'second', selection: { select } },
  settings: { base_url: second.url },
  secrets: { ...encryptJson(connectionSecretName('second'), { token }), secrets: { token: '2026-11-27T00:00:00Z' } },
});
const insert = (token: string) =>
  inTransaction(stack.database.pool, (client) => insertConnection(client, draft(token)));
const pipelines = async () => {
  const { rows } = await stack.database.pool.query<{ name: string; streams: { name: string }[] }>(
    'select name, streams from pipeline.pipelines order by name',
  );
  return rows.map(({ name, streams }) => [name, ...streams.map((stream) => stream.name)]);
};
const untilRegistered = (expected: unknown) =>
  waitFor(async () => JSON.stringify(await pipelines()) === JSON.stringify(expected), PATIENT).catch(async (cause) => {
    throw new Error(`registered: ${JSON.stringify(await pipelines())}`, { cause });
  });
const checkOf = async (name: string) => (await newestChecks(stack.database.pool)).get(name)?.result;
const DEMO = ['pipeline_demo_to_postgres', 'deals', 'owners'];
const SECOND = ['pipeline_second_to_postgres', 'owners'];

test('one tap serves the connection of its variables and those that people make, each with its account, streams and pipeline', async () => {
  await insert(second.token);
  second.owners = listOf([[{ id: 'of the second' }]]);
  const tap = stack.startTap({ CREDENTIALS_KEY: KEY });
  await untilRegistered([DEMO, SECOND]);
  await stack.run('second');
  await waitFor(() => stack.batches.some(({ headers }) => headers.final), PATIENT);
  const [batch] = stack.batches;
  expect(batch?.headers).toMatchObject({ pipeline: pipelineName('second'), source: 'demo', stream: 'owners' });
  expect(batch?.lines.join()).toContain('of the second');
  await waitFor(
    async () => (await checkOf('second'))?.isOk === true && (await checkOf('demo'))?.isOk === true,
    PATIENT,
  );
  expect(tap.stdout() + tap.stderr()).not.toMatch(/canary-second-token|canary-demo-token/);
});

test('credentials that the source refuses fail the streams of their connection only, once, and the tap goes on', async () => {
  const { pool } = stack.database;
  await insert('canary-wrong');
  const tap = stack.startTap({ CREDENTIALS_KEY: KEY });
  await untilRegistered([DEMO, SECOND]);
  const names = [DEMO, SECOND].map(([name = '']) => name);
  const cycleId = await startCycle(pool, names);
  for (const name of names) await inTransaction(pool, (client) => startRun(client, cycleId ?? '', name));
  await stack.relay();
  const failed = 'select pipeline, attempts, error_code as code from pipeline.tasks where status = $1';
  await waitFor(async () => (await pool.query(failed, ['failed'])).rows.length > 0, PATIENT);
  await waitFor(() => stack.batches.filter(({ headers }) => headers.final).length === 2, PATIENT);
  expect((await pool.query(failed, ['failed'])).rows).toEqual([
    { pipeline: pipelineName('second'), attempts: 1, code: 'SOURCE_UNAUTHORISED' },
  ]);
  expect(stack.batches.every(({ headers }) => headers.pipeline === pipelineName('demo'))).toBe(true);
  expect(tap.stdout() + tap.stderr()).not.toContain('canary-wrong');
});

test('a change of a connection is seen, and a removed one is served no longer', async () => {
  await insert('canary-wrong');
  stack.startTap({ CREDENTIALS_KEY: KEY });
  await untilRegistered([DEMO, SECOND]);
  await waitFor(async () => (await checkOf('second'))?.code === 'SOURCE_UNAUTHORISED', PATIENT);
  const { pool } = stack.database;
  const revision = (await readConnection(pool, 'second'))?.revision ?? 0;
  await inTransaction(pool, (client) => updateConnection(client, { ...draft(second.token, ['deals']), revision }));
  await untilRegistered([DEMO, ['pipeline_second_to_postgres', 'deals']]);
  await waitFor(async () => (await checkOf('second'))?.isOk === true, PATIENT);
  await inTransaction(pool, (client) => removeConnection(client, 'second'));
  const seen = 'select seen_at::text as at from pipeline.pipelines where name = $1';
  const seenAt = async (name: string) => (await pool.query<{ at: string }>(seen, [pipelineName(name)])).rows[0]?.at;
  const demo = await seenAt('demo');
  await waitFor(async () => (await seenAt('demo')) !== demo, PATIENT);
  const last = await seenAt('second');
  const next = await seenAt('demo');
  await waitFor(async () => (await seenAt('demo')) !== next, PATIENT);
  expect(await seenAt('second')).toBe(last);
});

test('a tap without credentials waits for somebody to connect an account, and says what it needs for that', async () => {
  stack.startTap({ CREDENTIALS_KEY: KEY, DEMO_TOKEN: '' });
  await waitFor(async () => (await listSources(stack.database.pool)).some(({ isAlive }) => isAlive), PATIENT);
  const source = (await listSources(stack.database.pool))[0]?.description;
  expect(source).toMatchObject({ source: 'demo', label: 'Demo', version: '1.2.3' });
  expect(source?.settings[0]).toMatchObject({
    name: 'token',
    isSecret: true,
    isRequired: true,
    variable: 'DEMO_TOKEN',
  });
  expect(source?.streams.map(({ name, parent }) => [name, parent])).toEqual([
    ['deals', null],
    ['deals_companies', 'deals'],
    ['owners', null],
  ]);
  expect(await pipelines()).toEqual([]);
  await insert(second.token);
  await untilRegistered([SECOND]);
});

test('secrets that this key does not open, and settings that make no sense, are the result of a check', async () => {
  await insert(second.token);
  stack.startTap({ CREDENTIALS_KEY: randomBytes(32).toString('hex') });
  await waitFor(async () => (await checkOf('second'))?.code === 'CREDENTIALS_UNREADABLE', PATIENT);
  await untilRegistered([DEMO]);
});

test('an account is looked at when somebody asks, saved or not', async () => {
  const { pool } = stack.database;
  await insert(second.token);
  stack.startTap({ CREDENTIALS_KEY: KEY });
  await untilRegistered([DEMO, SECOND]);
  const asked = await requestConnectionCheck(pool, { name: 'second', source: 'demo' }, 'test');
  const look = async (token: string) => {
    const id = randomUUID();
    const trial = encryptJson(trialSecretName(id), { settings: { base_url: second.url }, secrets: { token } });
    await inTransaction(pool, (client) =>
      requestCheck(client, { id, source: 'demo', connection: null, trial, requestedBy: 'test' }),
    );
    await stack.relay();
    await waitFor(async () => (await readCheck(pool, id))?.isDone === true, PATIENT);
    return (await readCheck(pool, id))?.result;
  };
  expect(await look(second.token)).toMatchObject({ isOk: true, code: null });
  expect(await look('canary-wrong')).toMatchObject({
    isOk: false,
    code: 'SOURCE_UNAUTHORISED',
    message: 'the source does not accept the credentials (401)',
    remedy: expect.stringContaining('check the token'),
  });
  expect(await readCheck(pool, asked)).toMatchObject({ isDone: true, result: { isOk: true } });
});

test('without credentials it stays up, says what is missing and registers nothing', async () => {
  await stack.database.pool.query('delete from pipeline.pipelines');
  const tap = stack.startTap({ DEMO_TOKEN: '' });
  await waitFor(() => tap.stdout().includes('no credentials'), PATIENT);
  await waitFor(() => tap.stdout().includes('"msg":"started"'), PATIENT);
  expect(tap.stdout()).toContain('set DEMO_TOKEN');
  expect(await stack.isRegistered()).toBe(false);
  tap.child.kill('SIGTERM');
  expect(await tap.exited).toBe(0);
});

test('half a configuration ends the start with 78 and names every problem', async () => {
  const tap = stack.startTap({ DEMO_BASE_URL: 'canary-address' });
  expect(await tap.exited).toBe(78);
  expect(tap.stdout()).toMatch(/CONFIG_INVALID.*1 problem: DEMO_BASE_URL: /);
  expect(tap.stdout()).not.toContain('canary-address');
});
