import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Truth } from '@pipeline/testing';
import type { PlatformOptions } from './platform.ts';

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
  /** The list as it was when its first page was asked for. */
  #ids: string[] = [];

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

  /** What a platform needs to read it with `tap-chaos`. */
  get options(): Pick<PlatformOptions, 'folders' | 'truth'> & { environment: Record<string, string> } {
    return {
      folders: { 'tap-chaos': 'tests/support/tap-chaos' },
      environment: { CHAOS_BASE_URL: this.url },
      truth: () => this.truth(),
    };
  }

  /** Every event once, and every item that is left. */
  truth(): Truth[] {
    const events = this.events.map((text, position) => ({ position, text }));
    const items = [...this.items].map(([id, text]) => ({ id, text }));
    return [
      { source: 'chaos', stream: 'events', key: ['position'], rows: events },
      { source: 'chaos', stream: 'items', key: ['id'], rows: items },
    ];
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
    if (after === '') this.#ids = [...this.items.keys()].sort();
    const page: object[] = [];
    for (let index = firstAfter(this.#ids, after); index < this.#ids.length && page.length < PAGE; index += 1) {
      const id = this.#ids[index] ?? '';
      const text = this.items.get(id);
      if (text !== undefined) page.push({ id, text });
    }
    return page;
  }
}

/** Where what is larger begins, in a sorted list. */
function firstAfter(sorted: string[], value: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
