import { isJsonObject, type Json, type JsonObject, parseJson } from '@pipeline/singer';
import type { HttpClient, HttpRequest } from '@pipeline/tap-kit';
import { clientOf, type Pace, pacedClient } from '@pipeline/tap-kit/testing';
import { httpPolicy } from '../../src/client.ts';
import type { Settings } from '../../src/settings.ts';

/** How many objects of a type there are, and how many of them change between two reads. */
export interface Volume {
  live: number;
  archived: number;
  changing: number;
}

export type Purpose =
  | 'search'
  | 'all objects'
  | 'archived objects'
  | 'associations'
  | 'former values'
  | 'definitions'
  | 'other';

const FIRST_ID = 1_000_000;
const OLD = '2024-01-01T00:00:00.000Z';

/** An account of any size that responds to every request at once, with objects of no content, and counts. */
export class LargeAccount {
  readonly clock = { now: Date.UTC(2026, 5, 1) };
  /** By type id. */
  volumes: Readonly<Record<string, Volume>> = {};
  readonly requests = new Map<Purpose, number>();

  get http(): HttpClient {
    return clientOf((request) => Promise.resolve(this.#respond(request)));
  }

  /** A client within the limits of the settings, in virtual time. */
  paced(settings: Settings, pace: Omit<Pace, 'token'>): HttpClient {
    const source = ({ method, url, body }: { method: 'GET' | 'POST'; url: URL; body?: string }) => {
      const sent = body === undefined ? {} : { body: objectIn(body) };
      const json = this.#respond({ method, path: url.pathname, query: Object.fromEntries(url.searchParams), ...sent });
      return Promise.resolve({ status: 200, headers: {}, text: JSON.stringify(json) });
    };
    return pacedClient(httpPolicy(settings), source, { ...pace, token: 'pat-na1-x' });
  }

  get total(): number {
    return [...this.requests.values()].reduce((sum, count) => sum + count, 0);
  }

  #respond(request: HttpRequest): Json {
    const { path, query = {}, body = {} } = request;
    const type = /\/(0-\d+)/.exec(path)?.[1] ?? '';
    const volume = this.volumes[type] ?? { live: 0, archived: 0, changing: 0 };
    if (path.endsWith('/labels')) return this.#counted('definitions', { results: [] });
    if (path.startsWith('/crm/associations')) return this.#counted('associations', { results: [] });
    if (path.startsWith('/crm/properties')) return this.#counted('definitions', PROPERTIES);
    if (path === '/crm/lists/2026-09/search') return this.#counted('other', { lists: [], hasMore: false, offset: 0 });
    if (!path.startsWith('/crm/objects')) return this.#counted('other', { results: [] });
    if (path.endsWith('/batch/read')) {
      const inputs = Array.isArray(body['inputs']) ? body['inputs'].length : 0;
      return this.#counted('former values', { results: objects(0, inputs, OLD) });
    }
    if (path.endsWith('/search')) {
      const changed = JSON.stringify(body).includes('"value":"0"') ? volume.changing : 0;
      return this.#counted('search', { results: objects(0, changed, new Date(this.clock.now).toISOString()) });
    }
    const isArchived = String(query['archived']) === 'true';
    const count = isArchived ? volume.archived : volume.live;
    const page = this.#page(count, Number(query['after'] ?? 0), Number(query['limit']));
    return this.#counted(isArchived ? 'archived objects' : 'all objects', page);
  }

  #page(count: number, from: number, limit: number): JsonObject {
    const to = Math.min(count, from + limit);
    return { results: objects(from, to - from, OLD), ...(to < count && { paging: { next: { after: String(to) } } }) };
  }

  #counted(purpose: Purpose, response: Json): Json {
    this.requests.set(purpose, (this.requests.get(purpose) ?? 0) + 1);
    return response;
  }
}

const PROPERTIES = {
  results: [
    { name: 'hs_object_id', type: 'number' },
    { name: 'num_notes', type: 'number', calculated: true },
  ],
};

function objects(from: number, count: number, at: string): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: String(FIRST_ID + from + index), properties: {} },
    ...{ createdAt: OLD, updatedAt: at, archivedAt: OLD },
  }));
}

function objectIn(text: string): JsonObject {
  const json = parseJson(text);
  return isJsonObject(json) ? json : {};
}
