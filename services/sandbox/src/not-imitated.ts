import type { RequestHandler } from 'express';

/** Most distinct entries that are kept; further ones are counted together. */
const ENTRIES_MAX = 200;

export interface NotImitatedEntry {
  source: string;
  /** `GET /crm/v3/owners: parameter idProperty` */
  what: string;
  times: number;
}

/** What clients asked for and the sandbox does not imitate. An imitation that ignores what it does not know hides faults, so each
 *  parameter, body field and path that is not understood is listed here; tests assert that the list is empty. */
export class NotImitated {
  readonly #entries = new Map<string, NotImitatedEntry>();

  add(source: string, what: string): void {
    const known = this.#entries.has(`${source} ${what}`) || this.#entries.size < ENTRIES_MAX;
    const kept = known ? what : 'others';
    const entry = this.#entries.get(`${source} ${kept}`) ?? { source, what: kept, times: 0 };
    entry.times += 1;
    this.#entries.set(`${source} ${kept}`, entry);
  }

  list(): readonly NotImitatedEntry[] {
    return [...this.#entries.values()];
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** Reports each query parameter and each top-level field of a JSON body that a route does not list. For routes whose real counterpart
 *  ignores what it does not know; where it refuses, the route refuses. */
export function reportUnknown(
  notImitated: (what: string) => void,
  known: { query?: readonly string[]; body?: readonly string[] },
): RequestHandler {
  return (request, _response, next) => {
    const where = `${request.method} ${request.baseUrl}${request.path}`;
    for (const name of unknownNames(request.query, known.query)) notImitated(`${where}: parameter ${name}`);
    for (const name of unknownNames(request.body, known.body)) notImitated(`${where}: body field ${name}`);
    next();
  };
}

function unknownNames(given: unknown, known: readonly string[] = []): string[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return [];
  return Object.keys(given).filter((name) => !known.includes(name));
}
