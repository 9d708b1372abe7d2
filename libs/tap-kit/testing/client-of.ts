import type { Json } from '@pipeline/singer';
import type { HttpClient, HttpRequest } from '../src/http-policy.ts';

/** A client whose every response is 200 with what `json` returns. */
export function clientOf(json: (request: HttpRequest) => Promise<Json>): HttpClient {
  return {
    json,
    response: async (request) => {
      const { method = 'GET', path } = request;
      return { status: 200, headers: {}, json: await json(request), method, path };
    },
  };
}

/** A `cached` that keeps nothing. */
export function uncached<T>(_key: string, _ttlMs: number, load: () => Promise<T>): Promise<T> {
  return load();
}
