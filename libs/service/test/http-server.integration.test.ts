import { once } from 'node:events';
import { connect } from 'node:net';
import type { Logger } from '@pipeline/protocol';
import { Registry } from 'prom-client';
import { Health } from '../src/health.ts';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../src/http-server.ts';

describe('a service with a page', () => {
  const served = new Map<string, number>();
  const logger: Logger = {
    ...{ debug() {}, warn() {}, error() {}, child: () => logger },
    info: (fields, text) => void served.set(text, Number(Reflect.get(fields, 'port'))),
  };
  const start = (more: Partial<HttpServerOptions>) => {
    const own = { health: new Health(), metrics: new Registry(), logger };
    return startHttpServer({ host: '127.0.0.1', port: 0, ...own, ...more });
  };
  let server: HttpServer;
  beforeAll(async () => {
    server = await start({ probesPort: 0 });
  });
  afterAll(() => server.close());

  const status = async (port: number | undefined, path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`)).status;

  it.each(['/metrics', '/livez', '/readyz'])(
    'has %s at a port of its own alone, where nobody logs in',
    async (path) => {
      expect(await status(server.port, path)).toBe(404);
      expect(await status(served.get('health and metrics are served'), path)).not.toBe(404);
    },
  );

  it('says to everybody that it is alive, and nothing else', async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'alive' }]);
    expect(served.get('the page is served')).toBe(server.port);
  });

  /** A connection that begins a request and never ends its headers. */
  const openSlowly = async ({ port }: HttpServer) => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.resume().write('GET /healthz HTTP/1.1\r\nHost: slow\r\nX-Slow: ');
    return socket;
  };

  it('would hold a connection whose headers do not come without time-outs (mutation)', async () => {
    const check = { connectionsCheckingInterval: 20 };
    const without = await start({ timeouts: { ...check, headersTimeout: 0, requestTimeout: 0 } });
    const held = await openSlowly(without);
    const bounded = await start({ timeouts: { ...check, headersTimeout: 50, requestTimeout: 100 } });
    const closed = await openSlowly(bounded);
    await once(closed, 'close');
    expect(await status(without.port, '/healthz')).toBe(200);
    expect(held.readyState).toBe('open');
    await Promise.all([without.close(), bounded.close()]);
  });
});
