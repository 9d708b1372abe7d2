import { createHmac } from 'node:crypto';
import { insertConnection, insertPipeline, pausePipeline, registerSource } from '@pipeline/control';
import { pipelineName } from '@pipeline/protocol';
import { WebhookSignature } from '@pipeline/protocol/api';
import { SOURCE_DESCRIPTION } from '../../../libs/control/test/support.ts';
import { webhooks as hubspotWebhooks } from '../../tap-hubspot/src/webhooks.ts';
import { webhooks as xeroWebhooks } from '../../tap-xero/src/webhooks.ts';
import { type ApiServer, HOOK_ORIGIN, startApiServer } from './support/api-server.ts';

const SAVED_SECRET = 'the-signing-key-of-xero';

describe('POST /hooks/<connection>', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
    const client = await server.database.pool.connect();
    try {
      const draft = { settings: {}, secrets: null, selection: { select: null } };
      await insertConnection(client, { ...draft, name: 'hubspot', source: 'hubspot', targetSchema: 'hubspot' });
      await insertPipeline(client, { name: pipelineName('hubspot'), source: 'hubspot', schedule: null });
    } finally {
      client.release();
    }
    for (const [source, webhooks] of Object.entries({ hubspot: hubspotWebhooks, xero: xeroWebhooks })) {
      const signature = WebhookSignature.parse(webhooks);
      await registerSource(server.database.pool, { ...SOURCE_DESCRIPTION, source, webhooks: signature });
    }
    const body = { name: 'books', source: 'xero', secrets: { webhook_secret: SAVED_SECRET } };
    expect((await server.call('POST', '/connections', { body })).status).toBe(201);
  });
  afterAll(() => server.close());

  const post = async (connection: string, body: string, headers: Record<string, string>) => {
    const response = await fetch(`${server.url}/hooks/${connection}`, { method: 'POST', body, headers });
    return { status: response.status, text: await response.text() };
  };
  const hubspot = (body: string) => {
    const timestamp = String(Date.now());
    const signature = createHmac('sha256', 'a-signing-secret')
      .update(`POST${HOOK_ORIGIN}/hooks/hubspot${body}${timestamp}`)
      .digest('base64');
    return { 'x-hubspot-request-timestamp': timestamp, 'x-hubspot-signature-v3': signature };
  };
  const xero = (body: string) => ({
    'x-xero-signature': createHmac('sha256', SAVED_SECRET).update(body).digest('base64'),
  });
  const requestOf = async (connection: string) => {
    const { rows } = await server.database.pool.query<{ by: string | null; at: Date | null }>(
      'select requested_by as by, requested_at as at from pipeline.pipelines where name = $1',
      [pipelineName(connection)],
    );
    return rows[0];
  };

  it('refuses what is not signed, and says no more about connections that are there than about others', async () => {
    for (const connection of ['hubspot', 'books', 'nobody', 'test', 'No-Name']) {
      expect(await post(connection, '[]', {})).toEqual({ status: 401, text: '' });
    }
    expect(await post('hubspot', '[1]', hubspot('[2]'))).toEqual({ status: 401, text: '' });
    expect(await requestOf('hubspot')).toEqual({ by: null, at: null });
  });

  it("asks for the connection's next run, with a secret of the variable", async () => {
    const wakes = server.wakes();
    expect(await post('hubspot', '[1]', hubspot('[1]'))).toEqual({ status: 200, text: '' });
    expect(await requestOf('hubspot')).toMatchObject({ by: 'webhook', at: expect.any(Date) });
    expect(await requestOf('books')).toEqual({ by: null, at: null });
    expect(server.wakes()).toBe(wakes + 1);
  });

  it('asks for it with a secret that was saved with the connection, but not for an intent to receive', async () => {
    const intent = '{"events":[]}';
    expect(await post('books', intent, xero(intent))).toEqual({ status: 200, text: '' });
    expect(await requestOf('books')).toEqual({ by: null, at: null });
    const event = '{"events":[{"eventType":"UPDATE"}]}';
    expect(await post('books', event, xero(event))).toEqual({ status: 200, text: '' });
    expect(await requestOf('books')).toMatchObject({ by: 'webhook' });
  });

  it('leaves a paused pipeline alone', async () => {
    const { pool } = server.database;
    const name = pipelineName('hubspot');
    await pool.query('update pipeline.pipelines set requested_at = null, requested_by = null where name = $1', [name]);
    await pausePipeline(pool, name, { by: 'test', reason: null, until: null });
    expect(await post('hubspot', '[1]', hubspot('[1]'))).toEqual({ status: 200, text: '' });
    expect(await requestOf('hubspot')).toEqual({ by: null, at: null });
  });

  it('takes no more than half a megabyte', async () => {
    const large = 'x'.repeat(600_000);
    expect((await post('hubspot', large, hubspot(large))).status).toBe(413);
  });

  it('shows the field of the secret with the source, and the secret never', async () => {
    const { json } = await server.call('GET', '/sources');
    const xeroSource = json.items.find(({ source }: { source: string }) => source === 'xero');
    expect(xeroSource.settings).toContainEqual(expect.objectContaining({ name: 'webhook_secret', isSecret: true }));
    const { text } = await server.call('GET', '/connections/books');
    expect(text).toContain('webhook_secret');
    expect(text).not.toContain(SAVED_SECRET);
  });
});
