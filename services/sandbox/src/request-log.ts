import type { RequestHandler } from 'express';

/** Most distinct paths counted for one source; the rest is counted together. */
const PATHS_MAX = 500;

export interface RequestCount {
  source: string;
  /** Method and the pattern of the route, so that ids don't make new lines. */
  path: string;
  requests: number;
  byStatus: Record<string, number>;
}

/** How often each path of each source was asked for. */
export class RequestLog {
  readonly #counts = new Map<string, RequestCount>();

  count(source: string): RequestHandler {
    return (request, response, next) => {
      const asked = request.path;
      response.once('close', () => {
        const route: unknown = request.route?.path;
        const status = response.writableFinished ? String(response.statusCode) : 'cut';
        this.#add(source, `${request.method} ${typeof route === 'string' ? request.baseUrl + route : asked}`, status);
      });
      next();
    };
  }

  list(): RequestCount[] {
    return [...this.#counts.values()];
  }

  #add(source: string, path: string, status: string): void {
    const key = this.#counts.size < PATHS_MAX || this.#counts.has(`${source} ${path}`) ? path : 'others';
    const count = this.#counts.get(`${source} ${key}`) ?? { source, path: key, requests: 0, byStatus: {} };
    count.requests += 1;
    count.byStatus[status] = (count.byStatus[status] ?? 0) + 1;
    this.#counts.set(`${source} ${key}`, count);
  }
}
