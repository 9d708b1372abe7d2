import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const PAGE = 100;

/** What `tap-chaos` reads: a log and a list, as the test says. */
export class ChaosSource {
  events: string[] = [];
  items = new Map<string, string>();
  /** What a page takes, in milliseconds. */
  delayMs = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ChaosSource> {
    const server = createServer();
    const source = new ChaosSource(server);
    server.on('request', async ({ url = '' }, response) => {
      await sleep(source.delayMs);
      const { pathname, searchParams } = new URL(url, 'http://source');
      const records = pathname === '/events' ? source.#events(searchParams) : source.#items(searchParams);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(records));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return source;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #events(query: URLSearchParams): object[] {
    const from = Number(query.get('from'));
    return this.events.slice(from, from + PAGE).map((text, index) => ({ position: from + index, text }));
  }

  #items(query: URLSearchParams): object[] {
    const after = query.get('after') ?? '';
    return [...this.items.keys()]
      .filter((id) => id > after)
      .sort()
      .slice(0, PAGE)
      .map((id) => ({ id, text: this.items.get(id) }));
  }
}
