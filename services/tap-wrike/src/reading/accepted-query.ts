import { PipelineError } from '@pipeline/protocol';
import { INVALID_PARAMETER } from '../client.ts';
import type { Query } from './page.ts';

interface Wishes {
  /** Fields that every account has. */
  fields?: readonly string[];
  /** Fields that a plan or an older data centre may refuse. */
  optionalFields?: readonly string[];
  /** Parameters without which the rows would be other rows: they are never left out. */
  core: readonly string[];
}

/** What of a query this account lets us ask for. An unknown field or parameter is refused with the whole request; it is left out by itself
 *  then, and its column stays empty. */
export class AcceptedQuery {
  readonly #wishes: Required<Wishes>;
  readonly #refused = new Set<string>();
  #probing: Promise<boolean> | undefined;
  #isProbed = false;

  constructor(wishes: Wishes) {
    this.#wishes = { fields: [], optionalFields: [], ...wishes };
  }

  /** Fields and parameters that were refused. */
  get refused(): string[] {
    return [...this.#refused];
  }

  /** Asks, and asks again with less as long as the refusal concerns something that may be left out.
   *  @throws PipelineError when nothing more may be. */
  async ask<Result>(query: Query, request: (query: Query) => Promise<Result>): Promise<Result> {
    for (;;) {
      const asked = this.#allowed(query, this.#fields());
      try {
        return await request(asked);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        // A request beside this one has learnt in the meantime what is refused.
        const isOutdated = JSON.stringify(asked) !== JSON.stringify(this.#allowed(query, this.#fields()));
        if (!isOutdated && !(await this.#giveUp(error.message, query, request))) throw error;
      }
    }
  }

  /** Leaves out what the message names, or finds out which field it is when it only says that one is. */
  async #giveUp(message: string, query: Query, request: (query: Query) => Promise<unknown>): Promise<boolean> {
    const { optionalFields, core } = this.#wishes;
    const isNamed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(message) && !this.#refused.has(name);
    const named = [...optionalFields, ...Object.keys(query).filter((name) => !core.includes(name))].filter(isNamed);
    for (const name of named) this.#refused.add(name);
    if (named.length > 0) return true;
    if (!/\bfields\b/.test(message) || this.#isProbed) return false;
    this.#probing ??= this.#probe(query, request).finally(() => {
      this.#isProbed = true;
    });
    return this.#probing;
  }

  /** Asks for each optional field by itself. */
  async #probe(query: Query, request: (query: Query) => Promise<unknown>): Promise<boolean> {
    let found = false;
    for (const field of this.#wishes.optionalFields.filter((one) => !this.#refused.has(one))) {
      if (await this.#isAccepted(field, query, request)) continue;
      this.#refused.add(field);
      found = true;
    }
    return found;
  }

  async #isAccepted(field: string, query: Query, request: (query: Query) => Promise<unknown>): Promise<boolean> {
    try {
      await request(this.#allowed(query, [...this.#wishes.fields, field]));
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  #fields(): string[] {
    const { fields, optionalFields } = this.#wishes;
    return [...fields, ...optionalFields].filter((field) => !this.#refused.has(field));
  }

  #allowed(query: Query, fields: readonly string[]): Query {
    const kept = Object.entries(query).filter(([name]) => !this.#refused.has(name));
    return { ...Object.fromEntries(kept), ...(fields.length > 0 && { fields: JSON.stringify(fields) }) };
  }
}

function isRefusal(error: unknown): error is PipelineError {
  return error instanceof PipelineError && error.code === INVALID_PARAMETER;
}
