import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createPool, inTransaction } from '@pipeline/postgres';
import { ChaosProxy, createTestDatabase, type TestDatabase, waitFor } from '../src/index.ts';

describe('a chaos proxy before an echo server', () => {
  let echo: Server;
  let proxy: ChaosProxy;
  const served = new Set<Socket>();

  beforeAll(async () => {
    echo = createServer({ allowHalfOpen: true }, (socket) => {
      served.add(socket);
      socket.on('error', () => undefined).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(echo, 'listening');
  });
  afterAll(() => {
    for (const socket of served) socket.destroy();
    echo.close();
  });
  beforeEach(async () => {
    const { port } = echo.address() as AddressInfo;
    proxy = await ChaosProxy.start({ host: '127.0.0.1', port });
  });
  afterEach(() => proxy.close());

  const open = () => connect(proxy.port, proxy.host);
  const ask = async (text: string): Promise<string> => String(await buffer(open().end(text)));

  it('passes everything when nothing is set', async () => {
    const text = 'x'.repeat(1_000_000);

    expect((await ask(text)) === text).toBe(true);
    await waitFor(() => proxy.connections === 0);
  });

  it('delays both directions', async () => {
    proxy.set({ kind: 'latency', ms: 100 });
    const startedAt = performance.now();

    expect(await ask('hello')).toBe('hello');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);
  });

  it('passes no more bytes per second than the throttle lets', async () => {
    proxy.set({ kind: 'throttle', bytesPerSecond: 10_000 });
    const startedAt = performance.now();

    expect(await ask('x'.repeat(2_000))).toHaveLength(2_000);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(390);
  });

  it('keeps a black hole open and silent until it is healed', async () => {
    proxy.set({ kind: 'black-hole' });
    const socket = open();
    let received = '';
    socket.on('data', (data) => {
      received += data;
    });
    socket.write('hello');
    await expect(waitFor(() => received !== '', { timeoutMs: 200 })).rejects.toThrow('within 200 ms');
    expect(proxy.connections).toBe(1);

    proxy.set();
    await waitFor(() => received === 'hello');
    socket.destroy();
  });

  it('resets open connections and takes new ones', async () => {
    const socket = open();
    socket.write('hello');
    await once(socket, 'data');
    const failure = once(socket, 'error');
    proxy.reset();

    expect(await failure).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(await ask('again')).toBe('again');
  });

  it.each([
    ['to-server', 0],
    ['to-server', 3],
    ['to-client', 0],
    ['to-client', 3],
  ] as const)('cuts a connection %s after exactly %i bytes', async (direction, bytes) => {
    proxy.set({ kind: 'cut', bytes, direction });
    const socket = open();
    let received = '';
    socket.on('data', (data) => {
      received += data;
    });
    const failure = once(socket, 'error');
    socket.write('hello');

    expect(await failure).toMatchObject([{ code: 'ECONNRESET' }]);
    if (direction === 'to-client') expect(received).toBe('hello'.slice(0, bytes));
  });

  it('drops the response to a pattern that arrives in two pieces, as often as asked', async () => {
    proxy.set({ kind: 'drop-response', after: 'commit', times: 1 });
    const socket = open();
    socket.setNoDelay().write('com');
    expect(String((await once(socket, 'data'))[0])).toBe('com');
    const failure = once(socket, 'error');
    socket.write('mit');

    expect(await failure).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(proxy.droppedResponses).toBe(1);
    expect(await ask('commit')).toBe('commit');
  });

  it('lets nobody connect once it is closed', async () => {
    await proxy.close();
    await expect(once(open(), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    proxy = await ChaosProxy.start({ host: '127.0.0.1', port: 1 });
  });
});

describe('a chaos proxy before PostgreSQL', () => {
  let database: TestDatabase;
  let proxy: ChaosProxy;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query('create table payments (id integer)');
    proxy = await ChaosProxy.start(database.options);
  });
  afterAll(async () => {
    await proxy.close();
    await database.drop();
  });

  it('loses the response to COMMIT, and the row is there', async () => {
    const pool = createPool({ ...database.options, host: proxy.host, port: proxy.port });
    proxy.set({ kind: 'drop-response', after: 'commit', times: 1 });
    const insert = inTransaction(pool, (client) => client.query('insert into payments values (1)'));
    await expect(insert).rejects.toThrow();
    await pool.end();

    const { rows } = await database.pool.query('select id from payments');
    expect(rows).toEqual([{ id: 1 }]);
  });
});
