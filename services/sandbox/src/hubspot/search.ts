import { z } from 'zod';
import { ApiFailure, failureBody, validationError } from './failure.ts';
import type { Kind } from './kind.ts';
import type { ObjectStore } from './object-store.ts';
import { parsedBody } from './request-body.ts';
import { type Filter, matches, numberOf, OPERATORS } from './search-filter.ts';
import { chosenProperties, writeObject } from './written-object.ts';

/** As documented. */
const PAGE_MAX = 200;
const RESULTS_MAX = 10_000;
const GROUPS_MAX = 5;
const FILTERS_PER_GROUP_MAX = 6;
const FILTERS_MAX = 18;

const SearchBody = z.object({
  filterGroups: z
    .array(
      z.object({
        filters: z.array(
          z.object({
            propertyName: z.string(),
            operator: z.enum(OPERATORS),
            value: z.string().optional(),
            highValue: z.string().optional(),
            values: z.array(z.string()).optional(),
          }),
        ),
      }),
    )
    .default([]),
  sorts: z
    .array(z.object({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING') }))
    .default([]),
  properties: z.array(z.string()).optional(),
  limit: z.int().min(1).max(PAGE_MAX).default(10),
  after: z.union([z.string().regex(/^\d*$/), z.int()]).optional(),
});
type SearchBody = z.infer<typeof SearchBody>;
type Sort = SearchBody['sorts'][number];

/** `POST …/search`: live objects that the index knows. What was changed after `indexedUntil` is not in it yet. */
export function searchObjects(kind: Kind, store: ObjectStore, body: unknown, indexedUntil: number): object {
  const request = parsedBody(SearchBody, body);
  check(kind, request);
  const offset = Number(request.after ?? 0);
  if (offset + request.limit > RESULTS_MAX) {
    throw validationError('The requested result window is too large: paging beyond 10000 results is not supported.');
  }
  const found = find(kind, store, request, indexedUntil);
  const chosen = chosenProperties(kind, request.properties);
  const results = found.positions(offset, request.limit).map((position) => writeObject(store, position, chosen));
  const next = offset + results.length;
  return { total: found.total, results, ...(next < found.total && { paging: { next: { after: String(next) } } }) };
}

function check(kind: Kind, { filterGroups, sorts }: SearchBody): void {
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
  if (filters.some(isEpoch)) throw new ApiFailure(500, failureBody(500));
}

interface Found {
  total: number;
  positions: (offset: number, limit: number) => number[];
}

function find(kind: Kind, store: ObjectStore, { filterGroups, sorts }: SearchBody, indexedUntil: number): Found {
  // More than one sort is accepted, and only the first is honoured.
  const sort: Sort = sorts[0] ?? { propertyName: 'createdate', direction: 'ASCENDING' };
  const groups = filterGroups.map((group) => group.filters);
  const range = groups.length > 1 ? { from: 0, since: 0, isExact: false } : rangeOf(kind, store, groups[0] ?? []);
  if (range.isExact && isByPosition(sort)) return findRange(store, range, indexedUntil);

  const properties = lazyProperties(store);
  const matching: number[] = [];
  for (const position of store.changedSince(range.since, range.from)) {
    if (store.modifiedAt(position) > indexedUntil) continue;
    const isMatch = (filter: Filter) => matches(filter, kind, properties(position, filter.propertyName));
    if (groups.length === 0 || groups.some((filters) => filters.every(isMatch))) matching.push(position);
  }
  const ordered = isByPosition(sort) ? matching : sorted(matching, kind, sort, properties);
  return { total: ordered.length, positions: (offset, limit) => ordered.slice(offset, offset + limit) };
}

/** What a search by id and time of change walks over. */
function findRange(store: ObjectStore, { from, since }: Range, indexedUntil: number): Found {
  return {
    total: store.countChanged(since, indexedUntil, from),
    positions: (offset, limit) => {
      const found: number[] = [];
      for (const position of store.changedSince(since, from)) {
        if (store.modifiedAt(position) <= indexedUntil) found.push(position);
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
