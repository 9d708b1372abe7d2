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
