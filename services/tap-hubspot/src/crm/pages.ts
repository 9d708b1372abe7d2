import type { PipelineError } from '@pipeline/protocol';
import { type HttpClient, malformedResponse, oneAhead, pagesGuard } from '@pipeline/tap-kit';
import { z } from 'zod';
import { pathOf } from '../reading/paths.ts';
import { nextCursor, Paging, parseResponse } from '../reading/response.ts';
import type { Settings } from '../settings.ts';
import { type Faulty, readBatch } from './batch.ts';
import { CrmObject } from './crm-object.ts';
import { PageSize } from './page-size.ts';

/** As documented. */
export const LIST_PAGE = 100;
const SEARCH_PAGE = 200;
const SEARCH_RESULTS_MAX = 10_000;
export const BATCH_MAX = 100;
/** Names of properties that fit into the address of a list request, encoded: the edge refuses addresses from 16 KiB on (414). */
const NAMES_IN_URL_MAX = 8_000;

const ListResponse = z.object({ results: z.array(CrmObject), paging: Paging });
const BatchResponse = z.object({ results: z.array(CrmObject) });

/** A type of object at this account. */
export interface Access {
  http: HttpClient;
  settings: Settings;
  typeId: string;
}

/** A page of objects in the order of their ids. */
export interface Page {
  objects: CrmObject[];
  /** Where a read goes on after this page. Undefined: this was the last. */
  after: string | undefined;
  /** Objects that HubSpot cannot deliver. */
  faulty: Faulty[];
}

interface ListOptions {
  properties: readonly string[];
  after?: string | undefined;
  archived?: boolean;
}

/** All objects that are live, or all that are archived. The cursor is an id, so nothing is skipped when earlier objects come or go. */
export async function* listPages(access: Access, options: ListOptions): AsyncGenerator<Page> {
  const { properties, archived = false } = options;
  if (encodeURIComponent(properties.join(',')).length <= NAMES_IN_URL_MAX) return yield* listed(access, options);
  // The next page is listed while the objects of the last one are read.
  for await (const page of oneAhead(listed(access, { ...options, properties: ['hs_object_id'] }))) {
    const ids = page.objects.map(({ id }) => id);
    const { objects, faulty } = await readObjects(access, ids, { properties, archived });
    yield { objects, after: page.after, faulty: [...page.faulty, ...faulty] };
  }
}

async function* listed(access: Access, { properties, ...options }: ListOptions): AsyncGenerator<Page> {
  const path = pathOf(access.settings, 'objects', access.typeId);
  const names = properties.join(',');
  const size = new PageSize(LIST_PAGE);
  const guard = pagesGuard(path);
  let after = options.after;
  do {
    const cursor = after;
    const query = { after: cursor, archived: options.archived ?? false };
    const page = await size.fit(
      (limit) => access.http.json({ path, query: { ...query, limit, properties: names } }),
      () => access.http.json({ path, query: { ...query, limit: 1, properties: 'hs_object_id' } }),
    );
    const { results, paging } = parseResponse(ListResponse, page.json, path);
    size.brought(results);
    after = nextCursor(paging, cursor, path);
    guard({ next: after, ids: results.map(({ id }) => id) });
    const faulty = page.tooLarge === undefined ? [] : faultyOf(results, page.tooLarge);
    yield { objects: faulty.length > 0 ? [] : results, after, faulty };
  } while (after !== undefined);
}

/** Objects changed at or after a time, by id. Never by offset: a row that changes while it is read would move the later ones across page borders,
 *  and HubSpot ends such paging after 10,000 rows. Pages may be short, or empty, and yet not the last: the index knows objects that are
 *  archived by now. */
export async function* searchPages(
  access: Access,
  options: { properties: readonly string[]; modifiedProperty: string; since: string; afterId: string },
): AsyncGenerator<Page> {
  const path = pathOf(access.settings, 'objects', access.typeId, 'search');
  const size = new PageSize(SEARCH_PAGE);
  let lastId = options.afterId;
  /** Only after an empty page: how far into the results of this id. */
  let offset: string | undefined;
  for (;;) {
    const search = (properties: readonly string[]) => (limit: number) => {
      const body = { ...searchBody(options, lastId), properties: [...properties], limit };
      return access.http.json({ method: 'POST', path, body: offset === undefined ? body : { ...body, after: offset } });
    };
    const page = await size.fit(search(options.properties), () => search(['hs_object_id'])(1));
    const { results, paging } = parseResponse(ListResponse, page.json, path);
    size.brought(results);
    const next = paging?.next?.after;
    if (results.length === 0 && next !== undefined) {
      offset = nextCursor(paging, offset, path);
      if (Number(next) + page.limit > SEARCH_RESULTS_MAX) throw malformedResponse(path, 'is empty for 10,000 rows');
      continue;
    }
    offset = undefined;
    const greatest = greatestId(results, lastId);
    const isLast = results.length === 0 || (results.length < page.limit && next === undefined);
    if (!isLast && greatest === lastId) throw malformedResponse(path, 'repeats objects that were read before');
    lastId = greatest;
    const faulty = page.tooLarge === undefined ? [] : faultyOf(results, page.tooLarge);
    yield { objects: faulty.length > 0 ? [] : results, faulty, after: isLast ? undefined : lastId };
    if (isLast) return;
  }
}

function searchBody({ modifiedProperty, since }: { modifiedProperty: string; since: string }, afterId: string) {
  const filters = [
    { propertyName: modifiedProperty, operator: 'GTE', value: searchTime(since) },
    { propertyName: 'hs_object_id', operator: 'GT', value: afterId },
  ];
  return { filterGroups: [{ filters }], sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }] };
}

/** The objects with these ids; those that are gone are left out. An object that was merged comes as the one that it was merged into. */
export async function readObjects(
  { http, settings, typeId }: Access,
  ids: readonly string[],
  options: { properties: readonly string[]; withHistory?: readonly string[]; archived?: boolean },
): Promise<{ objects: CrmObject[]; faulty: Faulty[] }> {
  const path = pathOf(settings, 'objects', typeId, 'batch', 'read');
  const { properties, withHistory, archived = false } = options;
  const body = { properties: [...properties], ...(withHistory && { propertiesWithHistory: [...withHistory] }) };
  const inputs = ids.map((id) => ({ id }));
  const { responses, faulty } = await readBatch(http, BatchResponse, { path, query: { archived }, body }, inputs);
  return { objects: responses.flatMap(({ results }) => results), faulty };
}

function faultyOf(objects: readonly CrmObject[], error: PipelineError): Faulty[] {
  return objects.map(({ id }) => ({ id, error }));
}

/** Milliseconds as text. HubSpot breaks on the epoch itself. */
function searchTime(instant: string): string {
  return String(Math.max(1_000, Date.parse(instant)));
}

function greatestId(objects: readonly CrmObject[], start: string): string {
  return objects.reduce((greatest, { id }) => (BigInt(id) > BigInt(greatest) ? id : greatest), start);
}
