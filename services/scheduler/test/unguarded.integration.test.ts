import { insertConnection, insertPipeline, registerSource } from '@pipeline/control';
import { pipelineName } from '@pipeline/protocol';
import { WebhookSignature } from '@pipeline/protocol/api';
import { PIPELINE, SOURCE_DESCRIPTION } from '../../../libs/control/test/support.ts';
import { webhooks } from '../../tap-hubspot/src/webhooks.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';

/** Every guard is off: each test sees what it keeps away. */
describe('a scheduler without its guards', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer({
      guards: {
        checkRole: () => undefined,
        checkCsrf: () => undefined,
        actOnce: (_pool, _request, _caller, act) => act(),
      },
      verify: () => ({ kind: 'wake' }),
    });
  });
  afterAll(() => server.close());

  const paused = async () => {
    const { rows } = await server.database.pool.query<{ paused: boolean }>(
      'select paused from pipeline.pipelines where name = $1',
      [PIPELINE],
    );
    return rows[0]?.paused;
  };

  it('would let a viewer pause a pipeline (mutation)', async () => {
    const { status } = await server.call('POST', '/pipelines/test/pause', { token: server.tokens.viewer, body: {} });
    expect([status, await paused()]).toEqual([200, true]);
  });

  it('would do what a page elsewhere has a browser send with its cookie (mutation)', async () => {
    const login = { token: undefined, body: { token: server.tokens.operator } };
    const cookie = (await server.call('POST', '/login', login)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const headers = { cookie, origin: 'https://evil.example' };
    const { status } = await server.call('POST', '/pipelines/test/resume', { token: undefined, body: {}, headers });
    expect([status, await paused()]).toEqual([200, false]);
  });

  it('would act again for each repetition of a request (mutation)', async () => {
    const before = server.wakes();
    for (let times = 0; times < 2; times += 1) {
      const headers = { 'idempotency-key': 'once' };
      expect(await server.call('POST', '/pipelines/test/runs', { body: {}, headers })).toMatchObject({ status: 202 });
    }
    expect(server.wakes()).toBe(before + 2);
  });

  it('would start a run for whoever knows the name of a connection (mutation)', async () => {
    const { pool } = server.database;
    const signature = WebhookSignature.parse(webhooks);
    await registerSource(pool, { ...SOURCE_DESCRIPTION, source: 'hubspot', webhooks: signature });
    const client = await pool.connect();
    const draft = { settings: {}, secrets: null, selection: { select: null } };
    await insertConnection(client, { ...draft, name: 'hubspot', source: 'hubspot', targetSchema: 'hubspot' });
    const name = pipelineName('hubspot');
    await insertPipeline(client, { name, source: 'hubspot', schedule: null });
    client.release();
    const { status } = await fetch(`${server.url}/hooks/hubspot`, { method: 'POST', body: '[]' });
    const { rows } = await pool.query('select requested_by from pipeline.pipelines where name = $1', [name]);
    expect([status, rows]).toEqual([200, [{ requested_by: 'webhook' }]]);
  });
});
