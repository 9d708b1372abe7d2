import { consentRequest } from '@pipeline/protocol';
import { redeemCode } from '../src/auth/consent.ts';

const consent = {
  authorizeUrl: 'https://app.example.com/oauth/authorize?tenant=1',
  tokenUrl: 'https://api.example.com/token',
  scopes: ['crm.read', 'offline_access'],
  clientAuth: 'form' as const,
  parameters: { prompt: 'consent' },
};
const grant = {
  clientId: 'c',
  clientSecret: 's',
  redirectUri: 'https://me.example/callback',
  code: 'code',
  codeVerifier: 'v',
};
const endpoint = (body: object, status = 200) => {
  const asked: string[] = [];
  const transport = (request: { body?: string }) => {
    asked.push(request.body ?? '');
    return Promise.resolve({ status, headers: {}, text: JSON.stringify(body) });
  };
  return { transport, asked };
};

test('the address of the consent page names app, scopes and callback, and carries a state and a proof key', () => {
  const client = { clientId: 'c', redirectUri: grant.redirectUri };
  const { url, state, codeVerifier } = consentRequest(consent, client, (bytes) => Buffer.alloc(bytes, 7));
  const { searchParams } = new URL(url);
  expect(Object.fromEntries(searchParams)).toEqual({
    tenant: '1',
    prompt: 'consent',
    response_type: 'code',
    client_id: 'c',
    redirect_uri: grant.redirectUri,
    scope: 'crm.read offline_access',
    state,
    // SHA-256 of the verifier, RFC 7636 4.2.
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  });
  expect(url).not.toContain(codeVerifier === state ? 'nothing' : codeVerifier);
  expect(consentRequest(consent, client).state).not.toBe(consentRequest(consent, client).state);
});

test('the code becomes tokens', async () => {
  const { transport, asked } = endpoint({ access_token: 'a', refresh_token: 'r', expires_in: 1_800, host: 'eu' });
  expect(await redeemCode(transport, consent, grant)).toMatchObject({
    accessToken: 'a',
    refreshToken: 'r',
    expiresInSeconds: 1_800,
    raw: { host: 'eu' },
  });
  expect(Object.fromEntries(new URLSearchParams(asked[0]))).toEqual({
    grant_type: 'authorization_code',
    code: 'code',
    redirect_uri: grant.redirectUri,
    code_verifier: 'v',
    client_id: 'c',
    client_secret: 's',
  });
});

test.each([
  [{ access_token: 'a' }, 200, 'OAUTH_NO_REFRESH_TOKEN'],
  [{ error: 'invalid_grant' }, 400, 'OAUTH_INVALID_GRANT'],
  [{ error: 'invalid_client' }, 401, 'OAUTH_REFUSED'],
  [{}, 503, 'OAUTH_UNAVAILABLE'],
])('%j with %i is %s', async (body, status, code) => {
  const { transport } = endpoint(body, status);
  await expect(redeemCode(transport, consent, grant)).rejects.toMatchObject({ code });
});
