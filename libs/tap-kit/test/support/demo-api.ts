import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LocalServer, startLocalServer } from './local-server.ts';

type Responder = (request: { query: URLSearchParams; page: number }, response: ServerResponse) => void;

/** The API that the demo tap reads. A test says what its paths return. */
export class DemoApi {
  readonly token: string;
  readonly requests: string[] = [];
  deals: Responder = listOf([[{ id: '1', updated_at: '2026-01-01T00:00:00Z', amount: 1 }]]);
  owners: Responder = listOf([[{ id: 'o1' }]]);
  /** Proves the credentials. */
  me: Responder = (_asked, response) => void response.end('{}');
  #server: LocalServer | undefined;

  constructor(token = 'canary-demo-token') {
    this.token = token;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  async start(): Promise<void> {
    this.#server = await startLocalServer((request, response) => this.#respond(request, response));
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams: query } = new URL(request.url ?? '', this.url);
    this.requests.push(`${pathname}${query.size > 0 ? `?${query}` : ''}`);
    if (request.headers.authorization !== `Bearer ${this.token}`) return void response.writeHead(401).end('{}');
    const asked = { query, page: Number(query.get('page')) };
    if (pathname === '/deals') this.deals(asked, response);
    else if (pathname === '/owners') this.owners(asked, response);
    else this.me(asked, response);
  }
}

/** Says that a limit is used up for ten hours. */
export const usedUp: Responder = (_asked, response) =>
  void response.writeHead(429, { 'retry-after': '36000' }).end('{}');

/** Responds with these pages. Texts are sent as they are. */
export function listOf(pages: (object[] | string)[]): Responder {
  return ({ page }, response) => {
    const results = pages[page] ?? [];
    const text = typeof results === 'string' ? results : JSON.stringify(results);
    response.end(`{"results":${text},"more":${page + 1 < pages.length}}`);
  };
}
