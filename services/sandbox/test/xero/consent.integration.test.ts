import { createHash } from 'node:crypto';
import { CLIENT, connectionsIn, objectIn, startXeroServer, tokensIn, type XeroServer } from './xero-server.ts';

const REDIRECT = 'http://localhost:9999/callback';
const SCOPE = 'openid offline_access accounting.settings.read';

let xero: XeroServer;
beforeEach(async () => {
  xero = await startXeroServer({ organisations: 2 });
});
afterEach(() => xero.stop());

const authorizePath = (more: Record<string, string> = {}) => {
  const query = {
    response_type: 'code',
    client_id: CLIENT.client_id,
    redirect_uri: REDIRECT,
    scope: SCOPE,
    state: 's',
  };
  return `/identity/connect/authorize?${new URLSearchParams({ ...query, ...more })}`;
};

/** What the browser is sent to after the form. */
async function decide(form: Record<string, string>, more: Record<string, string> = {}): Promise<URL> {
  const response = await xero.post(authorizePath(more), form);
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location') ?? '');
}

const redeem = (code: string, more: Record<string, string> = {}) =>
  xero.post('/connect/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...CLIENT, ...more });

async function connectionsOf(access: string, query = '') {
  const response = await fetch(`${xero.url}/connections${query}`, { headers: { authorization: `Bearer ${access}` } });
  return connectionsIn(response);
}

describe('the consent page', () => {
  it('names the scopes and organisations and refuses another app', async () => {
    const page = await (await fetch(`${xero.url}${authorizePath()}`)).text();
    expect(page).toContain('accounting.settings.read');
    expect(page).toContain('Sandbox Branch 1');
    const other = await fetch(`${xero.url}${authorizePath({ client_id: 'other' })}`);
    expect([other.status, await other.text()]).toEqual([400, expect.stringContaining('unauthorized_client')]);
  });

  it('sends back a code that brings tokens once, to the organisations that were chosen', async () => {
    const initial = await tokensIn(await xero.post('/connect/token', refreshForm('xero-sandbox-refresh-token')));
    const tenant = (await connectionsOf(initial.access_token))[0]?.tenantId ?? '';
    const target = await decide({ decision: 'allow', tenant });
    expect(target.searchParams.get('state')).toBe('s');
    const code = target.searchParams.get('code') ?? '';
    const tokens = await tokensIn(await redeem(code));
    expect(tokens).toMatchObject({ id_token: expect.any(String), refresh_token: expect.any(String), scope: SCOPE });
    expect((await redeem(code)).status).toBe(400);

    const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1] ?? '', 'base64url').toString());
    const own = await connectionsOf(tokens.access_token, `?authEventId=${claims.authentication_event_id}`);
    expect(own.map(({ tenantId }) => tenantId)).toEqual([tenant]);
  });

  it('returns access_denied when consent is refused', async () => {
    expect((await decide({ decision: 'deny' })).searchParams.get('error')).toBe('access_denied');
  });

  it('wants the verifier of the challenge, and the code within five minutes', async () => {
    const verifier = 'v'.repeat(43);
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    const code = async () => (await decide({ decision: 'allow' }, { code_challenge })).searchParams.get('code') ?? '';
    expect((await redeem(await code())).status).toBe(400);
    expect((await redeem(await code(), { code_verifier: verifier })).status).toBe(200);
    const late = await code();
    xero.clock.now += 5 * 60_000 + 1;
    expect((await redeem(late, { code_verifier: verifier })).status).toBe(400);
  });
});

describe('tokens', () => {
  it('end with their consent: a revoked refresh token and its successors are dead', async () => {
    const { refresh_token } = await tokensIn(
      await xero.post('/connect/token', refreshForm('xero-sandbox-refresh-token')),
    );
    expect((await xero.post('/connect/revocation', { token: refresh_token, ...CLIENT })).status).toBe(200);
    const refused = await xero.post('/connect/token', refreshForm(refresh_token));
    expect([refused.status, await refused.json()]).toEqual([400, { error: 'invalid_grant' }]);
  });

  it('are announced where OpenID clients look', async () => {
    const discovery = await objectIn(await fetch(`${xero.url}/.well-known/openid-configuration`));
    expect(discovery).toMatchObject({
      token_endpoint: `${xero.url}/connect/token`,
      authorization_endpoint: `${xero.url}/identity/connect/authorize`,
    });
    expect(await objectIn(await fetch(String(discovery['jwks_uri'])))).toMatchObject({
      keys: [{ kty: 'RSA', alg: 'RS256' }],
    });
  });
});

function refreshForm(refresh_token: string): Record<string, string> {
  return { grant_type: 'refresh_token', refresh_token, ...CLIENT };
}
