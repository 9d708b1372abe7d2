import { z } from 'zod';
import { type Sandbox, startSandbox } from '../../src/sandbox.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ deals: 100, only: ['wrike'], rateLimitFactor: 1_000, tokens: { wrike: ['t'] } });
});
afterAll(() => sandbox.stop());

const ask = (path: string, headers: Record<string, string> = { authorization: 'Bearer t' }) =>
  fetch(`${sandbox.url('wrike')}/api/v4${path}`, { headers });

describe('access', () => {
  it('is refused without a known token', async () => {
    expect((await ask('/account', {})).status).toBe(401);
    expect((await ask('/account', { authorization: 'Bearer other' })).status).toBe(401);
    expect((await ask('/account?access_token=t', {})).status).toBe(200);
  });

  it('rotates refresh tokens: the old pair dies', async () => {
    const refresh = async (token: string) => {
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'wrike-sandbox-client',
        client_secret: 'wrike-sandbox-secret',
        refresh_token: token,
      });
      const response = await fetch(`${sandbox.url('wrike')}/login.wrike.com/oauth2/token`, { method: 'POST', body });
      return { status: response.status, json: z.record(z.string(), z.unknown()).parse(await response.json()) };
    };
    const { json } = await refresh('wrike-sandbox-refresh-token');
    const headers = { authorization: `Bearer ${json['access_token']}` };
    expect((await ask('/account', headers)).status).toBe(200);
    expect(await refresh('wrike-sandbox-refresh-token')).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant' },
    });
    expect((await refresh(String(json['refresh_token']))).status).toBe(200);
    expect((await ask('/account', headers)).status).toBe(401);
  });

  it('is limited to 400 requests a minute', async () => {
    const slow = await startSandbox({ deals: 100, only: ['wrike'], now: () => Date.UTC(2026, 10, 1) });
    const path = `${slow.url('wrike')}/api/v4/workflows?access_token=wrike-sandbox-token`;
    const statuses: number[] = [];
    for (let request = 0; request < 401; request += 1) statuses.push((await fetch(path)).status);
    expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([400, 429]);
    await slow.stop();
  });

  it.each([
    ['app-eu.wrike.com', 200],
    ['www.wrike.com', 401],
    ['app-us2.wrike.com', 300],
  ])('at %s returns %i: the account lives at app-eu', async (host, status) => {
    const response = await fetch(`${sandbox.url('wrike')}/${host}/api/v4/account?access_token=t`);
    expect(response.status).toBe(status);
  });
});

describe('the consent page', () => {
  const client = { client_id: 'wrike-sandbox-client', client_secret: 'wrike-sandbox-secret' };
  const redirect_uri = 'http://127.0.0.1:9/callback';
  const login = () => `${sandbox.url('wrike')}/login.wrike.com/oauth2`;
  const redeem = async (code: string) => {
    const body = new URLSearchParams({ ...client, grant_type: 'authorization_code', code, redirect_uri });
    const response = await fetch(`${login()}/token`, { method: 'POST', body });
    const json = z.record(z.string(), z.unknown()).parse(await response.json());
    return { status: response.status, json };
  };
  const send = async (decision: string): Promise<URL> => {
    const query = new URLSearchParams({
      client_id: client.client_id,
      response_type: 'code',
      redirect_uri,
      scope: 'a,b',
      state: 's<1>',
    });
    const html = await (await fetch(`${login()}/authorize/v4?${query}`)).text();
    const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1] ?? '';
    expect(html).toContain('s&lt;1&gt;');
    const body = new URLSearchParams({ redirect_uri, state: 's<1>', decision });
    const response = await fetch(sandbox.url('wrike') + action, { method: 'POST', body, redirect: 'manual' });
    return new URL(response.headers.get('location') ?? '');
  };

  it('returns a code that serves once, and tokens that open the account where they say it lives', async () => {
    const target = await send('accept');
    expect(target.searchParams.get('state')).toBe('s<1>');
    const code = target.searchParams.get('code') ?? '';
    const tokens = await redeem(code);
    expect(tokens).toMatchObject({
      status: 200,
      json: { token_type: 'bearer', host: expect.stringContaining('app-eu.wrike.com') },
    });
    const account = await fetch(`http://${tokens.json['host']}/api/v4/account`, {
      headers: { authorization: `Bearer ${tokens.json['access_token']}` },
    });
    expect(account.status).toBe(200);
    expect(await redeem(code)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('tells the app when the user declines', async () => {
    expect((await send('decline')).searchParams.get('error')).toBe('access_denied');
  });

  it('refuses an app that it does not know', async () => {
    expect((await fetch(`${login()}/authorize/v4?client_id=other&response_type=code`)).status).toBe(400);
  });
});
