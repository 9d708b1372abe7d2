import type { RequestListener } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { RESPONSE_BYTES_MAX } from '../src/http/response-body.ts';
import { createTransport } from '../src/http/transport.ts';
import { neverAborted } from './support/deps.ts';
import { type LocalServer, startLocalServer } from './support/local-server.ts';

const { transport, close } = createTransport();
let server: LocalServer;
let listener: RequestListener = (_request, response) => void response.end();
const sockets = new Set<unknown>();

beforeAll(async () => {
  server = await startLocalServer((request, response) => {
    sockets.add(request.socket);
    listener(request, response);
  });
});
afterAll(async () => {
  close();
  await server.close();
});

const get = (options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  transport({
    method: 'GET',
    url: new URL(`${server.url}/deals?private=value`),
    headers: { authorization: 'Bearer secret' },
    signal: neverAborted,
    ...options,
  });

test('returns status, headers in lower case and the body, whatever the status', async () => {
  listener = (_request, response) => void response.writeHead(418, { 'X-Odd': '1' }).end('teapot');
  expect(await get()).toMatchObject({ status: 418, headers: { 'x-odd': '1' }, text: 'teapot' });
});

test('sends the body as it is given', async () => {
  let received = '';
  listener = async (request, response) => {
    for await (const chunk of request) received += String(chunk);
    response.end('{}');
  };
  const body = '{"id":9007199254740993,"amount":1.50}';
  await transport({
    method: 'POST',
    url: new URL(server.url),
    headers: { 'content-type': 'application/json' },
    body,
    signal: neverAborted,
  });
  expect(received).toBe(body);
});

test('keeps connections between requests', async () => {
  listener = (_request, response) => void response.end('{}');
  sockets.clear();
  for (let count = 0; count < 5; count += 1) await get();
  expect(sockets.size).toBe(1);
});

test('does not follow redirects by itself', async () => {
  listener = (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
  expect((await get()).status).toBe(302);
});

test('a body that is cut is no response', async () => {
  listener = (_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"results":[');
    setTimeout(() => response.destroy(), 20);
  };
  await expect(get()).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE', recovery: 'retry' });
});

test('a compressed body that is cut is no response', async () => {
  const zipped = gzipSync(Buffer.alloc(100_000, '{'));
  listener = (_request, response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped.subarray(0, 50));
  await expect(get()).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE', recovery: 'retry' });
});

test('a body is as large as the limit after decompression, and no larger', async () => {
  const respondWith = (bytes: number): RequestListener => {
    const zipped = gzipSync(Buffer.alloc(bytes, '0'), { level: 1 });
    return (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped);
  };
  listener = respondWith(RESPONSE_BYTES_MAX);
  expect((await get()).text.length).toBe(RESPONSE_BYTES_MAX);
  listener = respondWith(RESPONSE_BYTES_MAX + 1);
  await expect(get()).rejects.toMatchObject({ code: 'SOURCE_RESPONSE_TOO_LARGE', recovery: 'fail' });
}, 30_000);

test.each([
  ['gzip', gzipSync('{"a":1}')],
  ['br', brotliCompressSync('{"a":1}')],
])('reads %s', async (encoding, body) => {
  listener = (_request, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(body);
  expect(await get()).toMatchObject({ text: '{"a":1}', bytes: body.length });
});

test('an encoding within an encoding is refused', async () => {
  listener = (_request, response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(gzipSync(gzipSync('{}')));
  await expect(get()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED_RESPONSE' });
});

test('a source that says nothing, or never ends, is given up in time', async () => {
  listener = () => undefined;
  await expect(get({ timeoutMs: 100 })).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  listener = (_request, response) => {
    const timer = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(timer));
  };
  await expect(get({ timeoutMs: 200 })).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
});

test('a request that is aborted ends with the reason', async () => {
  const controller = new AbortController();
  listener = () => controller.abort(new Error('shutdown'));
  await expect(get({ signal: controller.signal })).rejects.toThrow('shutdown');
});

test('an error names neither the token nor the query', async () => {
  listener = (request) => void request.socket.destroy();
  const error = await get().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  const text = [error instanceof Error ? error.stack : '', JSON.stringify(error)].join();
  expect(text).not.toMatch(/secret|private/);
});
