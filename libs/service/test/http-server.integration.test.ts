import type { Logger } from '@pipeline/contracts';
import { Registry } from 'prom-client';
import { Health } from '../src/health.ts';
import { type HttpServer, startHttpServer } from '../src/http-server.ts';

describe('a service with a page', () => {
  const served = new Map<string, number>();
  const logger: Logger = {
    ...{ debug() {}, warn() {}, error() {}, child: () => logger },
    info: (fields, text) => void served.set(text, Number(Reflect.get(fields, 'port'))),
  };
  let server: HttpServer;
  beforeAll(async () => {
    const own = { health: new Health(), metrics: new Registry(), logger };
    server = await startHttpServer({ host: '127.0.0.1', port: 0, probesPort: 0, ...own });
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
});
