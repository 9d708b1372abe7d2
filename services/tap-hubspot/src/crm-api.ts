import type { Json } from '@pipeline/singer';
import type { HttpClient } from '@pipeline/tap-kit';
import { z } from 'zod';
import { nextCursor, Paging, parseAnswer } from './answer.ts';
import { CrmObject } from './crm-object.ts';
import { readBatch } from './partial-answer.ts';

/** As documented. */
const LIST_PAGE = 100;
const SEARCH_PAGE = 200;
export const BATCH_MAX = 100;
/** Names of properties that fit into the address of a list request, encoded: the edge refuses addresses from 16 KiB on (414). */
const NAMES_IN_URL_MAX = 8_000;

const ListAnswer = z.object({ results: z.array(CrmObject), paging: Paging });
const BatchAnswer = z.object({ results: z.array(CrmObject) });

/** A page of objects in the order of their ids. */
export interface Page {
  objects: CrmObject[];
  /** Where a read goes on after this page. Undefined: this was the last. */
  after: string | undefined;
}

/** All objects that are live, or all that are archived. The cursor is an id, so nothing is skipped when earlier objects come or go. */
export async function* listPages(
  http: HttpClient,
  type: string,
  options: { properties: readonly string[]; after?: string | undefined; archived?: boolean },
): AsyncGenerator<Page> {
  const path = `/crm/v3/objects/${type}`;
  const names = options.properties.join(',');
  const fits = encodeURIComponent(names).length <= NAMES_IN_URL_MAX;
  let after = options.after;
  do {
    const query = { limit: LIST_PAGE, after, archived: options.archived ?? false };
    const properties = fits ? names : 'hs_object_id';
    const answer = parseAnswer(ListAnswer, await http.json({ path, query: { ...query, properties } }), path);
    after = nextCursor(answer.paging, after, path);
    const ids = answer.results.map(({ id }) => id);
    const objects = fits ? answer.results : await readObjects(http, type, ids, options.properties);
    yield { objects, after };
  } while (after !== undefined);
}

/** Objects changed at or after a time, by id. Never by offset: a row that changes while it is read would move the later ones across page borders,
 *  and HubSpot ends such paging after 10,000 rows. */
export async function* searchPages(
  http: HttpClient,
  type: string,
  options: { properties: readonly string[]; modifiedProperty: string; since: string; afterId: string },
): AsyncGenerator<Page> {
  const path = `/crm/v3/objects/${type}/search`;
  let after: string | undefined = options.afterId;
  while (after !== undefined) {
    const filters = [
      { propertyName: options.modifiedProperty, operator: 'GTE', value: searchTime(options.since) },
      { propertyName: 'hs_object_id', operator: 'GT', value: after },
    ];
    const body = {
      filterGroups: [{ filters }],
      sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
      properties: [...options.properties],
      limit: SEARCH_PAGE,
    };
    const answer: Json = await http.json({ method: 'POST', path, body });
    const { results, paging } = parseAnswer(ListAnswer, answer, path);
    const isLast = results.length === 0 || (results.length < SEARCH_PAGE && paging?.next === undefined);
    const last = greatestId(results, after);
    after = isLast ? undefined : nextCursor({ next: { after: last } }, after, path);
    yield { objects: results, after };
  }
}

/** The objects with these ids, at most {@link BATCH_MAX}; those that are gone are left out. */
export async function readObjects(
  http: HttpClient,
  type: string,
  ids: readonly string[],
  properties: readonly string[],
  options: { archived: boolean } = { archived: false },
): Promise<CrmObject[]> {
  if (ids.length === 0) return [];
  const path = `/crm/v3/objects/${type}/batch/read`;
  const body = { inputs: ids.map((id) => ({ id })), properties: [...properties] };
  const { results } = await readBatch(http, BatchAnswer, { path, query: { archived: options.archived }, body });
  return results;
}

/** Milliseconds as text. HubSpot breaks on the epoch itself. */
function searchTime(instant: string): string {
  return String(Math.max(1_000, Date.parse(instant)));
}

function greatestId(objects: readonly CrmObject[], start: string): string {
  return objects.reduce((greatest, { id }) => (BigInt(id) > BigInt(greatest) ? id : greatest), start);
}
