import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { registerSource } from '@pipeline/control';
import { waitFor } from '@pipeline/testing';
import { SOURCE_DESCRIPTION } from '../../../libs/control/test/support.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';

const APP = { clientId: 'an-app', clientSecret: 'a-secret-of-the-app' };

describe("a consent given on the source's page", () => {
  let server: ApiServer;
  let source: Server;
  let response: { status: number; body: object };
  const asked: string[] = [];
  beforeAll(async () => {
    server = await startApiServer();
    source = createServer((request, reply) => {
      request.setEncoding('utf8').on('data', (chunk: string) => asked.push(chunk));
      request.on('end', () => reply.writeHead(response.status).end(JSON.stringify(response.body)));
    }).listen(0, '127.0.0.1');
    await waitFor(() => source.listening);
    const base = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
    const consent = { authorizeUrl: `${base}/authorize`, tokenUrl: `${base}/token`, scopes: ['read'], parameters: {} };
    await registerSource(server.database.pool, {
      ...SOURCE_DESCRIPTION,
      consent: { ...consent, scopeSeparator: ' ', clientAuth: 'form' },
    });
  });
  afterAll(async () => {
    source.close();
    source.closeAllConnections();
    await server.close();
  });

  async function giveConsent() {
    const started = await server.call('POST', '/consents', { body: { source: 'test', ...APP } });
    const state = new URL(started.json.url).searchParams.get('state');
    const page = await server.call('GET', `/consents/callback?state=${state}&code=the-code`, { token: undefined });
    const consent = (await server.call('GET', `/consents/${started.json.id}`)).json;
    return { id: started.json.id, page: page.text, consent };
  }

  it('becomes the secrets of a connection', async () => {
    response = { status: 200, body: { access_token: 'a', refresh_token: 'r', expires_in: 60 } };
    const { id, page, consent } = await giveConsent();
    expect(page).toContain('Connected');
    expect(consent).toEqual({ id, state: 'granted', message: null });
    expect(Object.fromEntries(new URLSearchParams(asked.at(-1)))).toMatchObject({
      ...{ grant_type: 'authorization_code', code: 'the-code', client_id: APP.clientId },
      code_verifier: expect.stringMatching(/^[\w-]{43,}$/),
    });
    const body = { name: 'connected', source: 'test', consentId: id };
    const { json } = await server.call('POST', '/connections', { body });
    expect(json.secrets.map(({ name }: { name: string }) => name).toSorted()).toEqual([
      ...['client_id', 'client_secret', 'refresh_token'],
    ]);
    expect((await server.call('POST', '/connections', { body: { ...body, name: 'again' } })).json.error.code).toBe(
      'CONSENT_EXPIRED',
    );
  });

  it.each([
    [{ access_token: 'a' }, 200, 'OAUTH_NO_REFRESH_TOKEN', 'connect again'],
    [{ error: 'invalid_grant' }, 400, 'OAUTH_INVALID_GRANT', 'connect again'],
    [{ error: 'invalid_client' }, 401, 'OAUTH_REFUSED', 'check client id and client secret'],
    [{ error: '<script>canary</script>' }, 400, 'OAUTH_REFUSED', 'check client id and client secret'],
    [{}, 503, 'OAUTH_UNAVAILABLE', 'try again later'],
  ])('is not one when the source says %j with %i: %s, and what to do', async (body, status, code, remedy) => {
    response = { status, body };
    const { page, consent } = await giveConsent();
    expect(consent.state).toBe('refused');
    expect(consent.message).toContain(`${code}: `);
    expect(consent.message).toContain(remedy);
    expect(page).toContain(code);
    expect(page + consent.message).not.toMatch(/canary|a-secret-of-the-app/);
  });
});
