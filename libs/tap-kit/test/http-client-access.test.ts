import type { Authenticator } from '../src/auth/authenticator.ts';
import { failed, ok, setUp } from './support/client-under-test.ts';

test('after a 401 the token is renewed once and the request replayed', async () => {
  const tokens = ['old', 'new'];
  const auth: Authenticator = {
    authorization: () => Promise.resolve(tokens[0] ?? ''),
    renew: () => Promise.resolve(tokens.shift() === 'old'),
  };
  const { client, requests } = setUp([failed(401), ok('{}')], {}, auth);
  expect(await client.json({ path: '/x' })).toEqual({});
  expect(requests.map((request) => request.headers['authorization'])).toEqual(['old', 'new']);

  const refused = setUp(
    [failed(401)],
    {},
    { authorization: () => Promise.resolve('any'), renew: () => Promise.resolve(true) },
  );
  await expect(refused.client.json({ path: '/x' })).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORISED' });
  expect(refused.requests).toHaveLength(2);
});

test('no token is spent on a scope that is missing, even if the source says 401', async () => {
  let renewals = 0;
  const auth: Authenticator = {
    authorization: () => Promise.resolve('any'),
    renew: () => {
      renewals += 1;
      return Promise.resolve(true);
    },
  };
  const failure = () => ({ code: 'SOURCE_FORBIDDEN', recovery: 'fix-config', message: 'a scope is missing' }) as const;
  const { client, requests } = setUp([failed(401)], { failure }, auth);
  await expect(client.json({ path: '/x' })).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
  expect([requests.length, renewals]).toEqual([1, 0]);
});

test('requests go where the token says that the account lives, and nowhere that the policy does not name', async () => {
  const at = (home: string): Authenticator => ({
    authorization: () => Promise.resolve('any'),
    renew: () => Promise.resolve(false),
    baseUrl: () => home,
  });
  const policy = { otherHosts: ['*.example.com'] };
  const { client, requests } = setUp([ok('{}')], policy, at('https://eu.example.com/v1'));
  await client.json({ path: '/x' });
  expect(requests[0]?.url.href).toBe('https://eu.example.com/v1/x');
  const evil = setUp([ok('{}')], policy, at('https://evil.test/v1'));
  await expect(evil.client.json({ path: '/x' })).rejects.toMatchObject({ code: 'SOURCE_ADDRESS_REFUSED' });
  expect(evil.requests).toEqual([]);
});

test('a redirect is followed on the hosts of the source, and the token is not shown to another one of them', async () => {
  const to = (location: string) => failed(302, { location });
  const { client, requests } = setUp([to('/v1/moved'), to('https://files.example.com/x'), ok('{}')], {
    otherHosts: ['files.example.com'],
  });
  await client.json({ path: '/deals' });
  expect(requests.map((request) => [request.url.href, request.headers['authorization']])).toEqual([
    ['https://api.example.com/v1/deals', 'Bearer secret-token'],
    ['https://api.example.com/v1/moved', 'Bearer secret-token'],
    ['https://files.example.com/x', undefined],
  ]);
});

test.each([
  'https://evil.example/',
  'http://api.example.com/',
  'http://169.254.169.254/',
  'https://a@api.example.com/',
])('a redirect to %s is refused', async (location) => {
  const { client, requests } = setUp([failed(302, { location })]);
  await expect(client.json({ path: '/x' })).rejects.toMatchObject({ code: 'SOURCE_ADDRESS_REFUSED' });
  expect(requests).toHaveLength(1);
});

test('redirects in a circle end', async () => {
  const { client, requests } = setUp([failed(307, { location: '/v1/x' })]);
  await expect(client.json({ path: '/x' })).rejects.toMatchObject({ code: 'SOURCE_REDIRECTS' });
  expect(requests).toHaveLength(6);
});
