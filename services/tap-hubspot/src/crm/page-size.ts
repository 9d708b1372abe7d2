import { PipelineError } from '@pipeline/protocol';
import type { CrmObject } from './crm-object.ts';

/** Pages that must fit before a larger one is tried again. */
const PAGES_BEFORE_GROWTH = 4;
/** Characters of values from which the next page is asked to be smaller. A page exists up to four times at once: as bytes, as text, as
 *  objects, as records. */
const PAGE_CHARACTERS_MAX = 4_000_000;

/** How many objects are asked for at once: fewer after a response was too large, or only large. */
export class PageSize {
  limit: number;
  readonly #most: number;
  #fitting = 0;

  constructor(most: number) {
    this.limit = most;
    this.#most = most;
  }

  /** Asks with a page that fits. One object alone that does not fit is asked for without its values.
   *  @throws PipelineError */
  async fit<Json>(
    ask: (limit: number) => Promise<Json>,
    askBare: () => Promise<Json>,
  ): Promise<{ json: Json; limit: number; tooLarge?: PipelineError }> {
    for (;;) {
      try {
        const limit = this.limit;
        const json = await ask(limit);
        this.#fitting += 1;
        if (this.#fitting % PAGES_BEFORE_GROWTH === 0) this.limit = Math.min(this.#most, limit * 2);
        return { json, limit };
      } catch (error) {
        if (!(error instanceof PipelineError) || error.code !== 'SOURCE_RESPONSE_TOO_LARGE') throw error;
        if (this.limit === 1) return { json: await askBare(), limit: 1, tooLarge: error };
        this.#shrink();
      }
    }
  }

  /** What a page brought: memory is bounded by pages, whatever the size of an object. */
  brought(objects: readonly CrmObject[]): void {
    if (charactersOf(objects) > PAGE_CHARACTERS_MAX && this.limit > 1) this.#shrink();
  }

  #shrink(): void {
    this.limit = Math.floor(this.limit / 2);
    this.#fitting = 0;
  }
}

function charactersOf(objects: readonly CrmObject[]): number {
  let characters = 0;
  for (const { properties } of objects) {
    for (const name in properties) {
      const value = properties[name];
      if (typeof value === 'string') characters += value.length;
    }
  }
  return characters;
}
