import { column, isJsonObject, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, type HttpClient } from '@pipeline/tap-kit';
import { z } from 'zod';
import { nextCursor, Paging, parseAnswer } from '../answer.ts';
import type { HubspotSettings } from '../settings.ts';

const PATH = '/crm/v3/owners';
const PAGE = 100;

const Owners = z.object({
  results: z.array(z.custom<JsonObject>((owner) => isJsonObject(owner as JsonObject) && 'id' in Object(owner))),
  paging: Paging,
});

/** Everyone who owns or owned something. Former colleagues (`archived`) are rows like the others: what was theirs still names them. */
export const owners = defineStream<HubspotSettings>({
  name: 'owners',
  keyProperties: ['id'],
  schema: objectSchema({
    id: column.key,
    email: column.string,
    type: column.string,
    firstName: column.string,
    lastName: column.string,
    userId: column.integer,
    userIdIncludingInactive: column.integer,
    createdAt: column.dateTime,
    updatedAt: column.dateTime,
    archived: column.boolean,
    teams: column.array,
  }),
  replication: { method: 'FULL_TABLE' },
  async *read({ http }) {
    // Active, former, active again: whoever leaves or returns in between is in one of the lists in any case.
    for (const archived of [false, true, false]) {
      for await (const records of ownerPages(http, archived)) yield { type: 'records', stream: 'owners', records };
    }
    yield { type: 'deletes', stream: 'owners', rule: { kind: 'absent' } };
  },
});

async function* ownerPages(http: HttpClient, archived: boolean): AsyncGenerator<JsonObject[]> {
  let after: string | undefined;
  do {
    const answer = await http.json({ path: PATH, query: { limit: PAGE, archived, after } });
    const { results, paging } = parseAnswer(Owners, answer, PATH);
    after = nextCursor(paging, after, PATH);
    yield results.map((owner) => ({ userId: null, teams: [], ...owner }));
  } while (after !== undefined);
}
