import type { Request } from 'express';
import { invalidParameter, WrikeError } from './answers.ts';
import type { Range } from './row-store.ts';

/** The query parameters of one request. Whatever the endpoint does not know is refused, so that nobody relies on a
 *  parameter that does nothing. */
export class Parameters {
  readonly #values = new Map<string, string>();

  constructor(request: Request, known: readonly string[]) {
    for (const [name, value] of Object.entries(request.query)) {
      if (name === 'access_token') continue;
      if (!known.includes(name)) throw new WrikeError(400, 'invalid_request', `Parameter '${name}' is not allowed`);
      if (typeof value !== 'string') throw invalidParameter(name);
      this.#values.set(name, value);
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  boolean(name: string): boolean | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') throw invalidParameter(name);
    return value === 'true';
  }

  integer(name: string, min: number, max: number): number | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) throw invalidParameter(name);
    return number;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const choice = choices.find((one) => one === value);
    if (choice === undefined) throw invalidParameter(name);
    return choice;
  }

  /** `{"start":"2024-01-01T00:00:00Z","end":...}`, semi-open, without milliseconds. */
  range(name: string): Range | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const range = this.#json(name, value);
    if (typeof range !== 'object' || range === null || Array.isArray(range)) throw invalidParameter(name);
    const sides = Object.entries(range).map(([side, time]) => [side, instantOf(name, side, time)]);
    return Object.fromEntries(sides);
  }

  /** A JSON array of quoted strings: `["A"]`, never `[A]` or `A`. */
  fields(known: readonly string[]): string[] {
    const value = this.#values.get('fields');
    if (value === undefined) return [];
    const fields = this.#json('fields', value);
    if (!Array.isArray(fields)) throw invalidParameter('fields');
    return fields.map((field) => {
      if (typeof field !== 'string' || !known.includes(field)) throw invalidParameter('fields');
      return field;
    });
  }

  #json(name: string, text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw invalidParameter(name);
    }
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function instantOf(name: string, side: string, text: unknown): number {
  if ((side !== 'start' && side !== 'end') || typeof text !== 'string' || !INSTANT.test(text)) {
    throw invalidParameter(name);
  }
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw invalidParameter(name);
  return milliseconds / 1000;
}
