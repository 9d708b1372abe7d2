import { column, isJsonObject, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, type HttpClient, malformedResponse, type StreamShape } from '@pipeline/tap-kit';
import { z } from 'zod';
import { collectionPages } from '../reading/collection.ts';
import { pathOf } from '../reading/paths.ts';
import { parseResponse } from '../reading/response.ts';
import type { Settings } from '../settings.ts';

const LISTS_PAGE = 500;
const MEMBERS_PAGE = 250;
const ADDITIONAL_PROPERTIES = ['hs_list_size', 'hs_last_record_added_at', 'hs_list_reference_count'];

const Lists = z.object({
  lists: z.array(
    z.custom<JsonObject & { listId: string }>((list) => isJsonObject(list as JsonObject) && 'listId' in Object(list)),
  ),
  hasMore: z.boolean(),
  offset: z.int(),
});

/** Who is on a list, and since when. */
const memberships: StreamShape = {
  name: 'list_memberships',
  keyProperties: ['list_id', 'record_id'],
  schema: objectSchema({
    list_id: column.key,
    record_id: column.key,
    membership_timestamp: column.dateTime,
  }),
};

/** Lists (segments) of records of any type. Records join and leave without a sign on the list, so its members are read each time. */
export const lists = defineStream<Settings>({
  name: 'lists',
  keyProperties: ['listId'],
  schema: objectSchema({
    listId: column.key,
    listVersion: column.integer,
    name: column.string,
    objectTypeId: column.string,
    processingType: column.string,
    processingStatus: column.string,
    createdAt: column.dateTime,
    updatedAt: column.dateTime,
    filtersUpdatedAt: column.dateTime,
    createdById: column.string,
    updatedById: column.string,
    additionalProperties: column.object,
  }),
  replication: { method: 'FULL_TABLE' },
  children: [memberships],
  about: {
    endpoint: 'POST /crm/lists/2026-09/search, GET …/{id}/memberships/join-order',
    scopes: ['crm.lists.read'],
    deletes: 'every read is complete',
  },
  async *read({ http, settings, isSelected }) {
    for await (const page of listPages(http, settings)) {
      yield { type: 'records', stream: 'lists', records: page };
      if (!isSelected(memberships.name)) continue;
      for (const { listId } of page) {
        const path = pathOf(settings, 'lists', String(listId), 'memberships', 'join-order');
        for await (const members of collectionPages(http, path, { limit: MEMBERS_PAGE })) {
          const records = members.map(({ recordId, membershipTimestamp }) => ({
            list_id: String(listId),
            record_id: String(recordId),
            membership_timestamp: membershipTimestamp ?? null,
          }));
          if (records.length > 0) yield { type: 'records', stream: memberships.name, records };
        }
      }
    }
    yield { type: 'deletes', stream: 'lists', rule: { kind: 'absent' } };
    yield { type: 'deletes', stream: memberships.name, rule: { kind: 'absent' } };
  },
});

async function* listPages(http: HttpClient, settings: Settings) {
  const path = pathOf(settings, 'lists', 'search');
  for (let offset = 0, hasMore = true; hasMore; ) {
    const body = { count: LISTS_PAGE, offset, query: '', additionalProperties: [...ADDITIONAL_PROPERTIES] };
    const page = parseResponse(Lists, await http.json({ method: 'POST', path, body }), path);
    yield page.lists.map((list) => ({ ...list, listId: String(list.listId) }));
    hasMore = page.hasMore;
    if (hasMore && page.offset <= offset) throw malformedResponse(path, 'names itself as the next page');
    offset = page.offset;
  }
}
