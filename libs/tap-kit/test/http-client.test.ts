import { PipelineError } from '@pipeline/protocol';
import { interrupted } from '../src/read/interruption.ts';
import { failed, ok, setUp } from './support/client-under-test.ts';

test('sends query, headers and body, and returns the body exactly', async () => {
  const { client, requests } = setUp([ok('{"id":9007199254740993,"amount":1.50}')], { headers: { 'X-Tenant': 't' } });
  const json = await client.json({
    method: 'POST',
    path: '/deals',
    query: { limit: 5, after: undefined },
    body: { a: 1 },
  });
  expect(JSON.stringify(json)).toBe('{"id":9007199254740993,"amount":1.50}');
  expect(requests[0]?.url.href).toBe('https://api.example.com/v1/deals?limit=5');
  expect(requests[0]).toMatchObject({ method: 'POST', body: '{"a":1}' });
  expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer secret-token', 'X-Tenant': 't' });
});

test('a list is a repeated parameter, and replaces what a next-page link says', async () => {
  const { client, requests } = setUp([ok('{}')]);
  await client.json({ path: '/deals', query: { fields: ['a', 'b'], archived: false } });
  await client.json({ path: '/deals?after=1&fields=z', query: { fields: ['a'] } });
  expect(requests.map(({ url }) => url.search)).toEqual(['?fields=a&fields=b&archived=false', '?after=1&fields=a']);
});

test('a response tells its status and headers', async () => {
  const { client } = setUp([{ ...ok('[1]'), headers: { 'x-total': '1' } }, failed(304)]);
  const response = { status: 200, headers: { 'x-total': '1' }, json: [1], bytes: 0, method: 'GET', path: '/deals' };
  expect(await client.response({ path: '/deals' })).toEqual(response);
  expect(await client.response({ path: '/deals' })).toMatchObject({ status: 304, json: undefined });
});

test('a request that may not be repeated often is an error sooner', async () => {
  const { client, requests } = setUp([failed(500)]);
  await expect(client.json({ path: '/x', triesMax: 2 })).rejects.toMatchObject({ context: { tries: 2, status: 500 } });
  expect(requests).toHaveLength(2);
});

test('a body that is too large is an error at once that names its path, so that a smaller page can be asked for', async () => {
  const tooLarge = new PipelineError({ code: 'SOURCE_RESPONSE_TOO_LARGE', recovery: 'fail', message: 'too large' });
  const { client, requests } = setUp([tooLarge]);
  await expect(client.json({ path: '/emails' })).rejects.toMatchObject({
    code: 'SOURCE_RESPONSE_TOO_LARGE',
    recovery: 'fail',
    context: { path: '/emails' },
  });
  expect(requests).toHaveLength(1);
});

test.each([204, 304])('%i returns null', async (status) => {
  expect(await setUp([failed(status)]).client.json({ path: '/x' })).toBeNull();
});

test('what may pass is tried again with growing waits', async () => {
  const unreachable = new PipelineError({ code: 'SOURCE_UNREACHABLE', recovery: 'retry', message: 'cut' });
  const { client, timing, requests } = setUp([failed(500), unreachable, ok('<html>'), failed(429), ok('{}')]);
  expect(await client.json({ path: '/x' })).toEqual({});
  expect(requests).toHaveLength(5);
  expect(timing.slept).toEqual([500, 1_000, 2_000, 4_000]);
});

test('after eight tries it is an error that says what and where, with the ids for the support and without secrets', async () => {
  const { client, requests, lines } = setUp([failed(503, { 'x-request-id': 'abc' }, '{"message":"private value"}')]);
  const error = await client.json({ path: '/deals', query: { email: 'a@b.c' } }).catch((thrown: unknown) => thrown);
  expect(requests).toHaveLength(8);
  expect(error).toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
    recovery: 'retry',
    message: 'the source is not available (503) [GET /deals]',
    context: { method: 'GET', path: '/deals', status: 503, tries: 8, 'x-request-id': 'abc' },
  });
  expect(JSON.stringify([error, lines])).not.toMatch(/secret-token|private value|a@b\.c/);
});

test.each([400, 401, 403, 404])('%i is an error at once', async (status) => {
  const { client, requests } = setUp([failed(status)]);
  await expect(client.json({ path: '/x' })).rejects.toBeInstanceOf(PipelineError);
  expect(requests).toHaveLength(1);
});

test('the wait that the source asks for is kept, by all requests of the tap', async () => {
  const { client, timing } = setUp([failed(429, { 'retry-after': '20' }), ok('{}')]);
  await client.json({ path: '/x' });
  expect(timing.slept.reduce((sum, ms) => sum + ms)).toBe(20_000);
});

test('a wait of hours ends the read instead of sleeping', async () => {
  const { client, timing } = setUp([failed(429, { 'retry-after': '7200' })]);
  await expect(client.json({ path: '/x' })).rejects.toMatchObject({ context: { stopsRun: true } });
  expect(timing.slept).toEqual([]);
});

test('a limit that the tap declares to stop the run does so', async () => {
  const daily = { code: 'DAILY', recovery: 'retry', message: 'daily limit', stopsRun: true } as const;
  const { client, requests } = setUp([failed(429)], { failure: () => daily });
  await expect(client.json({ path: '/x' })).rejects.toMatchObject({ code: 'DAILY', context: { stopsRun: true } });
  expect(requests).toHaveLength(1);
});

test("the tap's own allowance of the day, used up, ends the read before a request is sent", async () => {
  const { client, requests } = setUp([ok('{}')], { limits: [{ name: 'day', requests: 1, perMs: 86_400_000 }] });
  await client.json({ path: '/x' });
  await expect(client.json({ path: '/x' })).rejects.toMatchObject({
    code: 'SOURCE_LIMIT_REACHED',
    context: { stopsRun: true },
  });
  expect(requests).toHaveLength(1);
});

test('a limit counts only the requests it applies to, by their path below the base', async () => {
  const search = {
    name: 'search',
    requests: 1,
    perMs: 1_000,
    applies: ({ path }: { path: string }) => path === '/search',
  };
  const { client, timing } = setUp([ok('{}')], { limits: [search] });
  await client.json({ path: '/search' });
  await client.json({ path: '/deals' });
  expect(timing.slept).toEqual([]);
  await client.json({ path: 'https://api.example.com/v1/search?after=1' });
  expect(timing.slept).toHaveLength(1);
});

test('a limit follows what the source says is left, downwards only', async () => {
  const left = (count: number) => ({ ...ok('{}'), headers: { 'x-left': String(count) } });
  const day = {
    name: 'day',
    requests: 1_000,
    perMs: 86_400_000,
    remaining: ({ headers }: { headers: Record<string, string> }) => Number(headers['x-left']),
  };
  const { client } = setUp([left(0), left(500)], { limits: [{ ...day, requests: 10 }] });
  await client.json({ path: '/x' });
  await expect(client.json({ path: '/x' })).rejects.toMatchObject({ code: 'SOURCE_LIMIT_REACHED' });
  const upwards = setUp([left(500)], { limits: [{ ...day, requests: 2 }] });
  for (let count = 0; count < 2; count += 1) await upwards.client.json({ path: '/x' });
  await expect(upwards.client.json({ path: '/x' })).rejects.toMatchObject({ code: 'SOURCE_LIMIT_REACHED' });
});

test('requests of different accounts are counted apart', async () => {
  const perTenant = {
    name: 'minute',
    requests: 1,
    perMs: 60_000,
    scope: ({ headers }: { headers: Record<string, string> }) => headers['tenant'],
  };
  const { client, timing } = setUp([ok('{}')], { limits: [perTenant] });
  for (const tenant of ['a', 'b']) await client.json({ path: '/x', headers: { tenant } });
  expect(timing.slept).toEqual([]);
  await client.json({ path: '/x', headers: { tenant: 'a' } });
  expect(timing.slept).toHaveLength(1);
});

test('a shutdown ends the waits and starts no request', async () => {
  const { client, stopping, requests } = setUp([failed(500)]);
  stopping.abort(interrupted());
  await expect(client.json({ path: '/x' })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(requests).toEqual([]);
});
