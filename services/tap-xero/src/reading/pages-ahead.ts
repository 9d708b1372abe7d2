import type { ListResponse, Reading } from './list.ts';

const DAY_MS = 86_400_000;

/** Pages of a connection that may be asked for before the one at hand is done, over all its streams. With Xero's 60 calls a minute and pages of a
 *  thousand that take it seconds, one at a time would leave most calls unused; each page that waits holds some megabytes. */
export const PAGES_AHEAD_MAX = 4;

/** Pages of one list, asked for while earlier ones are still being worked on. */
export class PagesAhead {
  readonly #fetch: (page: number) => Promise<ListResponse>;
  readonly #slots: { free: number };
  readonly #asked = new Map<number, Promise<ListResponse>>();
  #next = 0;

  private constructor(slots: { free: number }, fetch: (page: number) => Promise<ListResponse>) {
    this.#slots = slots;
    this.#fetch = fetch;
  }

  static async of(
    { cached }: Pick<Reading, 'cached'>,
    fetch: (page: number) => Promise<ListResponse>,
  ): Promise<PagesAhead> {
    return new PagesAhead(await cached('pages ahead', DAY_MS, () => Promise.resolve({ free: PAGES_AHEAD_MAX })), fetch);
  }

  /** Requests pages from this one to the last, as many as there is room for. */
  ask(first: number, last: number): void {
    for (this.#next = Math.max(this.#next, first); this.#next <= last && this.#slots.free > 0; this.#next += 1) {
      this.#slots.free -= 1;
      const response = this.#fetch(this.#next);
      // A failure belongs to whoever takes the page.
      response.catch(() => undefined);
      this.#asked.set(this.#next, response);
    }
  }

  /** The page. One that was asked for ahead may be older than a page before it, if Xero served them in the other order: rows that were added
   *  between the two pushed others across the border of the pages, and they would be on neither. The list only grows, so its count tells
   *  which is older, and an older page is asked for again. @param count rows of the list when the page before was read */
  async take(page: number, count: number): Promise<ListResponse> {
    const asked = this.#asked.get(page);
    if (asked === undefined) return this.#fetch(page);
    const response = await asked.finally(() => this.#leave(page));
    return (response.pagination?.itemCount ?? -1) < count ? this.#fetch(page) : response;
  }

  /** Waits for what nobody takes any more: no request is left behind. */
  async close(): Promise<void> {
    const left = [...this.#asked];
    await Promise.allSettled(left.map(([, response]) => response));
    for (const [page] of left) this.#leave(page);
  }

  #leave(page: number): void {
    if (this.#asked.delete(page)) this.#slots.free += 1;
  }
}
