import type { Request } from 'express';
import type { Range } from '../company/row-store.ts';
import { invalidParameter, WrikeError } from './responses.ts';

/** The query parameters of one request. Whatever the endpoint does not know is refused, so that nobody relies on a
 *  parameter that does nothing. */
export class Parameters {
  readonly #values = new Map<string, string>();

  /** @param notImitated parameters that the real endpoint has and this one only reports. */
  constructor(request: Request, known: readonly string[], notImitated: readonly string[] = []) {
    for (const [name, value] of Object.entries(request.query)) {
      if (name === 'access_token') continue;
      if (notImitated.includes(name)) {
        report(request, `GET ${request.path}: parameter ${name}`);
        continue;
      }
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
    const range = this.#object(name, value);
    const sides = Object.entries(range).map(([side, time]) => [side, instantOf(name, side, time)]);
    return Object.fromEntries(sides);
  }

  /** Days of a local calendar: `{"start":"2026-03-01","end":"2026-03-31"}` or `{"equal":"2026-03-01"}`, both ends included. */
  days(name: string): { start: string; end: string } | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const { start, end, equal, ...others } = this.#object(name, value);
    if (Object.keys(others).length > 0 || (equal !== undefined && (start ?? end) !== undefined)) {
      throw invalidParameter(name);
    }
    return { start: dayOf(name, equal ?? start ?? FIRST_DAY), end: dayOf(name, equal ?? end ?? LAST_DAY) };
  }

  /** A JSON object such as a metadata filter. */
  object(name: string): Record<string, unknown> | undefined {
    const value = this.#values.get(name);
    return value === undefined ? undefined : this.#object(name, value);
  }

  /** A JSON array of objects. */
  objects(name: string): Record<string, unknown>[] | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const items = this.#json(name, value);
    if (!Array.isArray(items) || !items.every(isObject)) throw invalidParameter(name);
    return items;
  }

  /** A JSON array of quoted strings: `["A"]`, never `[A]` or `A`. */
  strings(name: string, known?: readonly string[]): string[] | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const items = this.#json(name, value);
    if (!Array.isArray(items)) throw invalidParameter(name);
    return items.map((item) => {
      if (typeof item !== 'string' || (known && !known.includes(item))) throw invalidParameter(name);
      return item;
    });
  }

  fields(known: readonly string[]): string[] {
    return this.strings('fields', known) ?? [];
  }

  /** @throws WrikeError when both were given. */
  notTogether(one: string, other: string): void {
    if (!this.has(one) || !this.has(other)) return;
    throw new WrikeError(400, 'invalid_request', `Parameters '${one}' and '${other}' are not allowed together`);
  }

  #object(name: string, text: string): Record<string, unknown> {
    const value = this.#json(name, text);
    if (!isObject(value)) throw invalidParameter(name);
    return value;
  }

  #json(name: string, text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw invalidParameter(name);
    }
  }
}

const FIRST_DAY = '0000-01-01';
const LAST_DAY = '9999-12-31';
const DAY = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ?)?$/;

function dayOf(name: string, value: unknown): string {
  if (typeof value !== 'string' || !DAY.test(value)) throw invalidParameter(name);
  return value.slice(0, 10);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The API's router keeps where to report what it does not imitate. */
function report(request: Request, what: string): void {
  const notImitated: unknown = request.res?.locals['notImitated'];
  if (typeof notImitated === 'function') notImitated(what);
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
