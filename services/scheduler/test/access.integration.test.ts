import { prepareAccess } from '../src/access/first-token.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';

describe('access', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
  });
  afterAll(() => server.close());

  const login = async (token: string) => {
    const reply = await server.call('POST', '/login', { token: undefined, body: { token } });
    const cookie = reply.headers.get('set-cookie') ?? '';
    return { reply, cookie, session: { cookie: cookie.split(';')[0] ?? '' } };
  };
  const as = (session: { cookie: string }, csrf?: string) => ({
    token: undefined,
    headers: csrf === undefined ? session : { ...session, 'x-csrf-token': csrf },
  });

  it('opens a session that no script can read and no other site can send', async () => {
    const { reply, cookie, session } = await login(server.tokens.admin);
    expect(reply).toMatchObject({ status: 200, json: { name: 'admin', role: 'admin', csrfToken: expect.any(String) } });
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(await server.call('GET', '/me', as(session))).toMatchObject({
      json: { via: 'session', csrfToken: reply.json.csrfToken },
    });
  });

  it('changes something for a session only with its CSRF token, and from its own address', async () => {
    const { reply, session } = await login(server.tokens.operator);
    const pause = (options: object) => server.call('POST', '/pipelines/test/pause', { body: {}, ...options });
    expect(await pause(as(session))).toMatchObject({ status: 403, json: { error: { code: 'CSRF_TOKEN_WRONG' } } });
    const foreign = as(session, reply.json.csrfToken);
    expect(await pause({ ...foreign, headers: { ...foreign.headers, origin: 'https://evil.example' } })).toMatchObject({
      status: 403,
    });
    expect(await pause(foreign)).toMatchObject({ status: 200, json: { pause: { by: 'operator' } } });
  });

  it('keeps hashes only, and ends sessions with their token', async () => {
    const made = await server.call('POST', '/tokens', { body: { name: 'grafana', role: 'viewer' } });
    expect(made).toMatchObject({ status: 201, json: { token: expect.stringMatching(/^pipeline_/) } });
    const { session } = await login(made.json.token);
    expect(await server.call('GET', '/me', as(session))).toMatchObject({ status: 200, json: { role: 'viewer' } });
    const { rows } = await server.database.pool.query(
      `select (select json_agg(t)::text from pipeline.tokens t) || (select json_agg(s)::text from pipeline.sessions s)
              || (select json_agg(a)::text from pipeline.audit_log a) as everything`,
    );
    expect(rows[0].everything).not.toContain(made.json.token);
    expect(rows[0].everything).not.toContain(session.cookie.split('=')[1]);
    expect(await server.call('DELETE', `/tokens/${made.json.id}`)).toMatchObject({ status: 200 });
    expect(await server.call('GET', '/me', as(session))).toMatchObject({ status: 401 });
    expect(await server.call('GET', '/me', { token: made.json.token })).toMatchObject({ status: 401 });
  });

  it('makes a first token once, and none where API_TOKEN is set', async () => {
    const { pool } = server.database;
    const shown: string[] = [];
    const show = (token: string) => void shown.push(token);
    await pool.query(`update pipeline.tokens set revoked_at = now() where role = 'admin'`);
    await prepareAccess(pool, { apiToken: 'a-token-of-sixteen-characters', show });
    expect(shown).toEqual([]);
    expect(await server.call('GET', '/me', { token: 'a-token-of-sixteen-characters' })).toMatchObject({
      json: { role: 'admin' },
    });
    await prepareAccess(pool, { apiToken: undefined, show });
    await prepareAccess(pool, { apiToken: undefined, show });
    expect(shown).toHaveLength(1);
    expect(await server.call('GET', '/me', { token: shown[0] })).toMatchObject({ json: { name: 'first token' } });
    expect(await server.call('GET', '/me', { token: 'a-token-of-sixteen-characters' })).toMatchObject({ status: 401 });
  });

  it('locks an address out after five wrong tokens within a minute', async () => {
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) statuses.push((await login('wrong')).reply.status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await login(server.tokens.viewer)).reply).toMatchObject({
      status: 429,
      json: { error: { code: 'TOO_MANY_LOGINS', retryAfterMs: 60_000 } },
    });
  });
});
