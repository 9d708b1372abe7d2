import type { Request } from 'express';
import { z } from 'zod';
import { type Account, parsedBody, storeOfKind } from '../company/account.ts';
import type { Kind } from '../company/kind.ts';
import type { ObjectStore, Properties } from '../company/object-store.ts';
import { internalError, validationError } from './failure.ts';
import { type Filter, matches, numberOf, OPERATORS } from './search-filter.ts';
import { chosenProperties, writeObject } from './written-object.ts';

/** As documented. */
const PAGE_MAX = 200;
const RESULTS_MAX = 10_000;
const GROUPS_MAX = 5;
const FILTERS_PER_GROUP_MAX = 6;
const FILTERS_MAX = 18;
const QUERY_CHARS_MAX = 3_000;

/** Filters name their values as text; clients also send numbers. */
const Value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const SearchFilter = z.object({
  propertyName: z.string(),
  operator: z.enum(OPERATORS),
  value: Value.optional(),
  highValue: Value.optional(),
  values: z.array(Value).optional(),
});
/** `{propertyName, direction}`, or a name with `-` before it for descending. */
const SearchSort = z.union([
  z.object({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING') }),
  z.string().transform((text) => ({
    propertyName: text.replace(/^-/, ''),
    direction: text.startsWith('-') ? ('DESCENDING' as const) : ('ASCENDING' as const),
  })),
]);
const SearchBody = z.object({
  filterGroups: z.array(z.object({ filters: z.array(SearchFilter) })).default([]),
  /** A single group may stand without its envelope. */
  filters: z.array(SearchFilter).optional(),
  query: z.string().max(QUERY_CHARS_MAX).optional(),
  sorts: z.array(SearchSort).default([]),
  properties: z.array(z.string()).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(10),
  after: z.union([z.string().regex(/^\d*$/), z.int()]).nullish(),
});
type Sort = z.infer<typeof SearchSort>;
interface SearchRequest {
  filterGroups: { filters: Filter[] }[];
  sorts: Sort[];
  query?: string | undefined;
}

/** `POST …/search`: live objects that the index knows. What was changed within the lag is not in it yet. What was archived within the lag
 *  still is: it counts, but cannot be shown, so that a page may be short or even empty and yet not the last one. */
export function searchObjects(account: Account, kind: Kind, request: Request): object {
  const store = storeOfKind(account, kind);
  const { filters, filterGroups, limit, after, properties, ...rest } = parsedBody(account, SearchBody, request);
  const search = { ...rest, filterGroups: filters === undefined ? filterGroups : [...filterGroups, { filters }] };
  check(kind, search);
  const offset = Number(after ?? 0);
  if (offset + limit > RESULTS_MAX) {
    throw validationError('The requested result window is too large: paging beyond 10000 results is not supported.');
  }
  const found = find(kind, store, search, account.now() - account.indexLagMs);
  const chosen = chosenProperties(kind, properties);
  const page = found.positions(offset, limit);
  const shown = page.filter((position) => store.isLive(position));
  const next = offset + page.length;
  return {
    total: found.total,
    results: shown.map((position) => writeObject(store, position, chosen)),
    ...(next < found.total && { paging: { next: { after: String(next) } } }),
  };
}

function check(kind: Kind, { filterGroups, sorts }: SearchRequest): void {
  const filters = filterGroups.flatMap((group) => group.filters);
  const isTooMuch =
    filterGroups.length > GROUPS_MAX ||
    filters.length > FILTERS_MAX ||
    filterGroups.some((group) => group.filters.length > FILTERS_PER_GROUP_MAX);
  if (isTooMuch) throw validationError('There was a problem with the request: too many filters.');
  for (const { propertyName } of [...filters, ...sorts]) {
    if (!kind.properties.some(({ name }) => name === propertyName)) {
      throw validationError(`There was a problem with the request: property ${propertyName} does not exist.`);
    }
  }
  // Known from users of the real API: the epoch itself as lower bound breaks it.
  const isEpoch = ({ propertyName, value }: Filter) => propertyName === kind.modifiedProperty && Number(value) === 0;
  if (filters.some(isEpoch)) throw internalError();
}

interface Found {
  total: number;
  positions: (offset: number, limit: number) => number[];
}

function find(kind: Kind, store: ObjectStore, search: SearchRequest, indexedUntil: number): Found {
  const { filterGroups, sorts, query } = search;
  // More than one sort is accepted, and only the first is honoured.
  const sort: Sort = sorts[0] ?? { propertyName: 'createdate', direction: 'ASCENDING' };
  const groups = filterGroups.map((group) => group.filters);
  const range = groups.length > 1 ? { from: 0, since: 0, isExact: false } : rangeOf(kind, store, groups[0] ?? []);
  if (range.isExact && isByPosition(sort) && query === undefined) return findRange(store, range, indexedUntil);

  const properties = lazyProperties(store);
  const matching: number[] = [];
  for (const position of store.indexed(range.since, range.from, indexedUntil)) {
    if (query !== undefined && !holds(store.properties(position), query)) continue;
    const isMatch = (filter: Filter) => matches(filter, kind, properties(position, filter.propertyName));
    if (groups.length === 0 || groups.some((filters) => filters.every(isMatch))) matching.push(position);
  }
  const ordered = isByPosition(sort) ? matching : sorted(matching, kind, sort, properties);
  return { total: ordered.length, positions: (offset, limit) => ordered.slice(offset, offset + limit) };
}

/** Whether one of an object's texts holds the words that a person looks for. */
function holds(properties: Properties, query: string): boolean {
  const wanted = query.toLowerCase();
  return Object.values(properties).some((value) => value?.toLowerCase().includes(wanted) === true);
}

/** What a search by id and time of change walks over. */
function findRange(store: ObjectStore, { from, since }: Range, indexedUntil: number): Found {
  return {
    total: store.countIndexed(since, indexedUntil, from),
    positions: (offset, limit) => {
      const found: number[] = [];
      for (const position of store.indexed(since, from, indexedUntil)) {
        found.push(position);
        if (found.length === offset + limit) break;
      }
      return found.slice(offset);
    },
  };
}

/** Ids and creation times grow with the position. */
function isByPosition({ propertyName, direction }: Sort): boolean {
  return direction === 'ASCENDING' && (propertyName === 'hs_object_id' || propertyName === 'createdate');
}

interface Range {
  from: number;
  since: number;
  /** The range says all that the filters say. */
  isExact: boolean;
}

/** Where the walk over positions may begin: the index by id and by time of change. */
function rangeOf(kind: Kind, store: ObjectStore, filters: readonly Filter[]): Range {
  const range = { from: 0, since: 0, isExact: true };
  for (const { propertyName, operator, value } of filters) {
    const bound = numberOf(value ?? null, kind, propertyName);
    if (bound === undefined) range.isExact = false;
    else if (propertyName === 'hs_object_id' && operator === 'GT') {
      range.from = Math.max(range.from, store.positionFrom(bound + 1));
    } else if (propertyName === kind.modifiedProperty && operator === 'GTE') range.since = Math.max(range.since, bound);
    else range.isExact = false;
  }
  return range;
}

/** Time and id are at hand; the other values of an object are drawn only if a filter asks for them. */
function lazyProperties(store: ObjectStore): (position: number, name: string) => string | null {
  return (position, name) => {
    if (name === 'hs_object_id') return store.idOf(position);
    if (name === store.modifiedProperty) return String(store.modifiedAt(position));
    return store.properties(position)[name] ?? null;
  };
}

function sorted(
  positions: number[],
  kind: Kind,
  { propertyName, direction }: Sort,
  properties: (position: number, name: string) => string | null,
): number[] {
  const sign = direction === 'ASCENDING' ? 1 : -1;
  const keys = new Map(positions.map((position) => [position, properties(position, propertyName)]));
  const compare = (one: number, other: number): number => {
    const [a, b] = [keys.get(one) ?? null, keys.get(other) ?? null];
    const [x, y] = [numberOf(a, kind, propertyName), numberOf(b, kind, propertyName)];
    if (x !== undefined && y !== undefined) return x - y;
    return (a ?? '').localeCompare(b ?? '');
  };
  return positions.sort((one, other) => sign * compare(one, other));
}
