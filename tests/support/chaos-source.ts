import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const PAGE = 100;
/** Bytes of a large text. zstd makes little of it. */
export const LARGE_TEXT_BYTES = 20_000;

/** The text of a large record: always the same, so that nobody has to keep it. */
export function largeText(position: number): string {
  return createHash('shake256', { outputLength: (LARGE_TEXT_BYTES * 3) / 4 })
    .update(String(position))
    .digest('base64');
}

/** What `tap-chaos` reads: a log, a list, and a log of large records, as the test says. */
export class ChaosSource {
  events: string[] = [];
  items = new Map<string, string>();
  /** Large records, of {@link largeText}. */
  large = 0;
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
      const records = source.#records(pathname, searchParams);
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

  #records(path: string, query: URLSearchParams): object[] {
    if (path === '/events') return this.#events(query);
    return path === '/items' ? this.#items(query) : this.#large(query);
  }

  #large(query: URLSearchParams): object[] {
    const from = Number(query.get('from'));
    const count = Math.max(0, Math.min(PAGE, this.large - from));
    return Array.from({ length: count }, (_, index) => ({ position: from + index, text: largeText(from + index) }));
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
