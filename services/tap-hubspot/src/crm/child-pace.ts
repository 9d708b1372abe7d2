import type { HttpClient } from '@pipeline/tap-kit';

/** Lets the requests for children pass evenly between the pages of the list that is read meanwhile. All at once they would take the turns of the list,
 *  and once they are through, the list would be alone and leave the allowance unused. */
export class ChildPace {
  readonly #perPage: number;
  readonly #waiting: (() => void)[] = [];
  #turns: number;

  /** @param perPage requests for the children of one page */
  constructor(perPage: number) {
    this.#perPage = Math.ceil(perPage);
    this.#turns = Number.POSITIVE_INFINITY;
  }

  /** The same client, in turns. */
  client(http: HttpClient): HttpClient {
    return {
      response: async (request) => {
        await this.#turn();
        return http.response(request);
      },
      json: async (request) => {
        await this.#turn();
        return http.json(request);
      },
    };
  }

  /** A page is there, and the next one is asked for. What was not used before it stays. */
  page(): void {
    this.#grant(Number.isFinite(this.#turns) ? this.#turns + this.#perPage : this.#perPage);
  }

  /** Nothing is listed now. */
  free(): void {
    this.#grant(Number.POSITIVE_INFINITY);
  }

  #grant(turns: number): void {
    this.#turns = turns;
    while (this.#turns > 0) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#turns -= 1;
      next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#turns > 0) {
      this.#turns -= 1;
      return;
    }
    await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }
}
