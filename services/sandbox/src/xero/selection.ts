import { ApiFailure, inefficientQuery, invalidQuery } from './failure.ts';
import type { Field, Resource } from './resource.ts';
import { type Comparable, type FieldReader, type Filter, parseWhere } from './where.ts';

/** From this many rows on a filter must look at an optimised field. */
const UNOPTIMISED_ROWS_MAX = 100_000;

const CACHED_SELECTIONS = 8;

export type Query = Record<string, string>;

/** Which rows of a resource a request asks for, in its order. Selections are kept until a row changes, so that walking the
 *  pages costs a slice a page. */
export class Selections<Item> {
  readonly #resource: Resource<Item>;
  readonly #cache = new Map<string, { version: number; rows: readonly number[] }>();

  constructor(resource: Resource<Item>) {
    this.#resource = resource;
  }

  /** @throws ApiFailure 400 for a filter or order that makes no sense. */
  rows(query: Query, modifiedSince: number | undefined): readonly number[] {
    const key = JSON.stringify([...this.#relevant(query), modifiedSince]);
    const { version } = this.#resource.collection;
    const cached = this.#cache.get(key);
    if (cached?.version === version) return cached.rows;
    const rows = this.#select(query, modifiedSince);
    this.#cache.delete(key);
    this.#cache.set(key, { version, rows });
    for (const oldest of [...this.#cache.keys()].slice(0, -CACHED_SELECTIONS)) this.#cache.delete(oldest);
    return rows;
  }

  #relevant(query: Query): [string, string | undefined][] {
    const names = ['where', 'order', 'includeArchived', 'searchTerm', ...Object.keys(this.#resource.listFilters)];
    return names.map((name) => [name, query[name]]);
  }

  #select(query: Query, modifiedSince: number | undefined): readonly number[] {
    const { collection } = this.#resource;
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
    const { resource, field } = { resource: this.#resource, field: this.#field };
    const filters: Filter<Item>[] = [];
    const { isArchived } = resource;
    if (isArchived && query['includeArchived']?.toLowerCase() !== 'true') filters.push((item) => !isArchived(item));
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
    const isLarge = this.#resource.collection.count > UNOPTIMISED_ROWS_MAX;
    if (isLarge && !used.some((field) => field.isOptimised)) throw inefficientQuery(this.#resource.typeName);
    return filter;
  }

  #contains(item: Item, row: number, term: string): boolean {
    return Object.values(this.#resource.fields).some((field) => {
      const value = field.read(item, row);
      return typeof value === 'string' && value.toLowerCase().includes(term);
    });
  }

  #ordered(order: string | undefined): readonly number[] {
    const { collection, idField } = this.#resource;
    const [name = 'UpdatedDateUTC', direction = 'ASC', ...rest] = order?.trim().split(/\s+/) ?? [];
    if (rest.length > 0 || !/^(asc|desc)$/i.test(direction)) throw invalidQuery('Syntax error in order');
    const ascending = (): readonly number[] => {
      if (name === idField) return collection.rowsById();
      if (name === 'UpdatedDateUTC') return collection.rowsByUpdate();
      return this.#sorted(name);
    };
    return /^asc$/i.test(direction) ? ascending() : ascending().toReversed();
  }

  #sorted(name: string): readonly number[] {
    const { collection } = this.#resource;
    const read = this.#field(name);
    const values = collection.rowsById().map((row) => ({ row, value: read(collection.get(row), row) ?? '' }));
    return values.sort((a, b) => (a.value < b.value ? -1 : Number(a.value > b.value))).map(({ row }) => row);
  }

  readonly #field: FieldReader<Item> = (name) => {
    const { collection, idField } = this.#resource;
    if (name === idField) return (_item, row) => collection.guids.of(row);
    if (name === 'UpdatedDateUTC') return (_item, row) => collection.updatedAt(row);
    return this.#known(name).read;
  };

  #known(name: string): Field<Item> {
    if (name === this.#resource.idField || name === 'UpdatedDateUTC')
      return { read: () => undefined, isOptimised: true };
    const field = this.#resource.fields[name];
    if (field) return field;
    throw invalidQuery(`No property or field '${name}' exists in type '${this.#resource.typeName}'`);
  }
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
