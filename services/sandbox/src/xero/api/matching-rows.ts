import { ApiFailure, inefficientQuery, invalidQuery } from './failure.ts';
import type { Field, Resource } from './resource.ts';
import { type Comparable, type FieldReader, type Filter, parseWhere } from './where.ts';

/** From this many rows on a filter must look at an optimised field. */
const UNOPTIMISED_ROWS_MAX = 100_000;

const CACHED_QUERIES = 8;

export type Query = Record<string, string>;

/** Which rows of a resource a request asks for, in its order. They are kept until a row changes, so that walking the
 *  pages costs a slice a page. */
export class MatchingRows<Item> {
  readonly resource: Resource<Item>;
  readonly #cache = new Map<string, { version: number; rows: readonly number[] }>();

  constructor(resource: Resource<Item>) {
    this.resource = resource;
  }

  /** @throws ApiFailure 400 for a filter or order that makes no sense. */
  rows(query: Query, modifiedSince: number | undefined): readonly number[] {
    const key = JSON.stringify([...this.#relevant(query), modifiedSince]);
    const { version } = this.resource.collection;
    const cached = this.#cache.get(key);
    if (cached?.version === version) return cached.rows;
    const rows = this.#select(query, modifiedSince);
    this.#cache.delete(key);
    this.#cache.set(key, { version, rows });
    for (const oldest of [...this.#cache.keys()].slice(0, -CACHED_QUERIES)) this.#cache.delete(oldest);
    return rows;
  }

  #relevant(query: Query): [string, string | undefined][] {
    return this.resource.parameters.map((name) => [name, query[name]]);
  }

  #select(query: Query, modifiedSince: number | undefined): readonly number[] {
    const { collection } = this.resource;
    const filters = this.#filters(query);
    const ordered = this.#ordered(query['order']);
    if (filters.length === 0 && modifiedSince === undefined) return ordered;
    return ordered.filter((row) => {
      if (modifiedSince !== undefined && collection.updatedAt(row) < modifiedSince) return false;
      if (filters.length === 0) return true;
      const item = collection.get(row);
      return filters.every((filter) => filter(item, row));
    });
  }

  #filters(query: Query): Filter<Item>[] {
    const { resource } = this;
    const field = this.#field;
    const filters: Filter<Item>[] = [];
    const { hidden, isGone } = resource;
    if (isGone) filters.push((item) => !isGone(item));
    if (hidden && query[hidden.unless]?.toLowerCase() !== 'true') filters.push((item) => !hidden.is(item));
    for (const [parameter, name] of Object.entries(resource.listFilters)) {
      const values = query[parameter]?.split(',').map((value) => value.trim().replaceAll('"', ''));
      if (values === undefined) continue;
      const wanted = new Set<Comparable>(values);
      const read = field(name);
      filters.push((item, row) => wanted.has(read(item, row)));
    }
    if (query['where']) filters.push(this.#where(query['where']));
    const term = query['searchTerm']?.toLowerCase();
    if (term) filters.push((item, row) => this.#contains(item, row, term));
    return filters;
  }

  #where(text: string): Filter<Item> {
    const used: Field<Item>[] = [];
    const filter = parseWhere(text, (name) => {
      used.push(this.#known(name));
      return this.#field(name);
    });
    const isLarge = this.resource.collection.count > UNOPTIMISED_ROWS_MAX;
    if (isLarge && !used.some((field) => field.isOptimised)) throw inefficientQuery(this.resource.typeName);
    return filter;
  }

  #contains(item: Item, row: number, term: string): boolean {
    return Object.values(this.resource.fields).some((field) => {
      const value = field.read(item, row);
      return typeof value === 'string' && value.toLowerCase().includes(term);
    });
  }

  /** `Date DESC, InvoiceNumber`: one field or several. */
  #ordered(order: string | undefined): readonly number[] {
    const { collection, idField } = this.resource;
    const keys = (order?.trim() || 'UpdatedDateUTC ASC').split(',').map(orderKey);
    const [first, ...rest] = keys;
    if (first !== undefined && rest.length === 0) {
      const known = { [idField]: () => collection.rowsById(), UpdatedDateUTC: () => collection.rowsByUpdate() };
      const rows = known[first.name]?.();
      if (rows !== undefined) return first.isDescending ? rows.toReversed() : rows;
    }
    return this.#sorted(keys);
  }

  #sorted(keys: OrderKey[]): readonly number[] {
    const { collection } = this.resource;
    const readers = keys.map(({ name, isDescending }) => ({ read: this.#field(name), sign: isDescending ? -1 : 1 }));
    const rows = collection.rowsById().map((row) => {
      const item = collection.get(row);
      return { row, values: readers.map(({ read }) => read(item, row) ?? '') };
    });
    const compare = (a: (typeof rows)[number], b: (typeof rows)[number]): number => {
      for (const [place, { sign }] of readers.entries()) {
        const [one = '', other = ''] = [a.values[place], b.values[place]];
        if (one !== other) return one < other ? -sign : sign;
      }
      return 0;
    };
    return rows.sort(compare).map(({ row }) => row);
  }

  readonly #field: FieldReader<Item> = (name) => {
    const { collection, idField } = this.resource;
    if (name === idField) return (_item, row) => collection.guids.of(row);
    if (name === 'UpdatedDateUTC') return (_item, row) => collection.updatedAt(row);
    return this.#known(name).read;
  };

  #known(name: string): Field<Item> {
    if (name === this.resource.idField || name === 'UpdatedDateUTC')
      return { read: () => undefined, isOptimised: true };
    const field = this.resource.fields[name];
    if (field) return field;
    throw invalidQuery(`No property or field '${name}' exists in type '${this.resource.typeName}'`);
  }
}

interface OrderKey {
  name: string;
  isDescending: boolean;
}

/** @throws ApiFailure 400 */
function orderKey(text: string): OrderKey {
  const [name = '', direction = 'ASC', ...rest] = text.trim().split(/\s+/);
  if (name === '' || rest.length > 0 || !/^(asc|desc)$/i.test(direction)) throw invalidQuery('Syntax error in order');
  return { name, isDescending: /^desc$/i.test(direction) };
}

/** `If-Modified-Since`: ISO 8601 or the form of HTTP, UTC unless it says otherwise, to the second.
 *  @throws ApiFailure 400 when it is no date. */
export function modifiedSince(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  const isZoned = /(?:Z|GMT|UTC|[+-]\d\d:?\d\d)$/i.test(header.trim());
  const instant = Date.parse(isZoned ? header : `${header.trim()}Z`);
  if (Number.isNaN(instant)) {
    throw new ApiFailure(400, {
      ErrorNumber: 14,
      Type: 'PostDataInvalidException',
      Message: 'Invalid If-Modified-Since',
    });
  }
  return Math.floor(instant / 1000) * 1000;
}
