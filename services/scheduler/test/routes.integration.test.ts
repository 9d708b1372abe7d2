import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { ApiError, type Role, type Route, routes } from '@pipeline/protocol/api';
import { faultText } from '../../../tests/fault-texts.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';

/** Of a body that is sent with less than a thousandth of it. */
const BOMB_BYTES = 50 * 1024 * 1024;
const ROLES: Role[] = ['viewer', 'operator', 'admin'];
const list = (Object.entries(routes) as [string, Route][]).filter(([name]) => name !== 'streamEvents');
const closed = list.filter(([, { role }]) => role !== 'public');

/** A path whose parameters name something that is not there. */
function pathOf({ path }: Route): string {
  const values: Record<string, string> = { name: 'nothing', source: 'nothing', stream: 'nothing' };
  const id = /tokens|alert|rejected|dead/.test(path)
    ? '999'
    : /sessions/.test(path)
      ? '0123456789abcdef'
      : crypto.randomUUID();
  return path.replace('/api', '').replace(/:(\w+)/g, (_, name: string) => values[name] ?? id);
}

describe('every route', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
  });
  afterAll(() => server.close());

  it.each(closed)('%s asks for a login', async (_, route) => {
    const reply = await server.call(route.method, pathOf(route), { token: undefined });
    expect(reply.status).toBe(401);
    expect(ApiError.parse(reply.json).error).toMatchObject({
      code: 'NOT_LOGGED_IN',
      remedy: expect.stringContaining('token'),
    });
    expect((await server.call(route.method, pathOf(route), { token: 'wrong' })).status).toBe(401);
  });

  const pairs = closed.flatMap(([name, route]) => ROLES.map((role) => [name, role, route] as const));
  it.each(pairs)('%s knows what a %s may', async (name, role, route) => {
    if (name === 'logout') return;
    const isAllowed = route.role !== 'public' && ROLES.indexOf(role) >= ROLES.indexOf(route.role);
    const body = route.body === undefined ? undefined : { surplus: 1 };
    const reply = await server.call(route.method, pathOf(route), { token: server.tokens[role], body });
    if (isAllowed) expect([401, 403]).not.toContain(reply.status);
    else expect(ApiError.parse(reply.json).error.code).toBe('ROLE_TOO_LOW');
    // A body that makes no sense changes nothing, whoever sends it.
    if (isAllowed && body !== undefined) expect(ApiError.parse(reply.json).error.code).toBe('REQUEST_INVALID');
  });

  const readable = closed.filter(([, { method, params }]) => method === 'GET' && params === undefined);
  it.each(readable)('%s responds as its schema says', async (_, route) => {
    const reply = await server.call('GET', pathOf(route));
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    route.response.parse(route.media === 'text/html' ? reply.text : reply.json);
  });

  const named = closed.filter(([, { params }]) => params !== undefined);
  it.each(named)('%s says what it does not know, in the one form of errors', async (_, route) => {
    const body = route.body === undefined ? undefined : {};
    const reply = await server.call(route.method, pathOf(route), { body });
    expect([400, 404, 409]).toContain(reply.status);
    ApiError.parse(reply.json);
  });

  it('refuses a NUL character wherever it stands, and bodies that are too large or no JSON', async () => {
    const { status, json } = await server.call('GET', '/streams/test/de%00als');
    expect(`${status} ${json.error.code}`).toBe('400 NUL_CHARACTER');
    expect(`${json.error.message}: ${json.error.remedy}`).toMatch(faultText('nulCharacter'));
    const paused = await server.call('POST', '/pipelines/test/pause', { body: { reason: 'a\0b' } });
    expect(paused).toMatchObject({ status: 400, json: { error: { code: 'NUL_CHARACTER' } } });
    expect(await server.call('POST', '/pipelines/test/pause', { body: '{' })).toMatchObject({
      status: 400,
      json: { error: { code: 'BODY_NOT_JSON' } },
    });
    expect(await server.call('GET', '/runs?pipeline=a%00b')).toMatchObject({
      status: 400,
      json: { error: { code: 'NUL_CHARACTER', remedy: expect.any(String) } },
    });
    const tooLarge = { status: 413, json: { error: { code: 'BODY_TOO_LARGE', remedy: expect.any(String) } } };
    const large = JSON.stringify({ reason: 'x'.repeat(100_000) });
    expect(await server.call('POST', '/pipelines/test/pause', { body: large })).toMatchObject(tooLarge);
    const bomb = gzipSync(JSON.stringify({ reason: 'x'.repeat(BOMB_BYTES) }));
    expect(bomb.length).toBeLessThan(64 * 1024);
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const reply = await server.call('POST', '/pipelines/test/pause', { body: bomb, headers });
    expect(reply).toMatchObject(tooLarge);
    expect(await server.call('POST', '/pipelines/test/pause', { body: 'no gzip', headers })).toMatchObject({
      status: 400,
      json: { error: { code: 'REQUEST_INVALID', message: 'the body cannot be read' } },
    });
  });

  it('has no route but those of the list', async () => {
    expect(await server.call('GET', '/nonsense')).toMatchObject({
      status: 404,
      json: { error: { code: 'UNKNOWN_ROUTE' } },
    });
  });

  it('is described on a page that loads nothing and runs nothing', async () => {
    const { text, headers } = await server.call('GET', '/docs');
    for (const [, { path }] of list) expect(text).toContain(path);
    expect(text).not.toMatch(/<script|<link|https?:|style="|\son\w+=/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
    expect(headers.get('content-type')).toContain('text/html');
  });

  it('never shows a secret that a person saved', async () => {
    const canary = 'canary-of-a-secret';
    const connection = { name: 'canary', source: 'test', secrets: { token: canary, webhook_secret: canary } };
    expect((await server.call('POST', '/connections', { body: connection })).status).toBe(201);
    const channel = { name: 'canary', kind: 'webhook', target: `https://example.com/${canary}` };
    expect((await server.call('POST', '/alert-channels', { body: channel })).status).toBe(201);
    const paths = [
      ...readable.map(([, route]) => pathOf(route)),
      '/connections/canary',
      `/pipelines/pipeline_canary_to_postgres`,
    ];
    for (const path of paths) {
      const { text, status } = await server.call('GET', path);
      expect(status).toBe(200);
      expect(text).not.toContain(canary);
    }
    expect((await server.call('GET', '/audit')).text).toContain('create-connection');
  });
});
