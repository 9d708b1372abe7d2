import { column, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { collectionPages } from '../reading/collection.ts';
import { pathOf } from '../reading/paths.ts';
import type { Settings } from '../settings.ts';

const PAGE = 100;

/** Everyone who owns or owned something. Former colleagues (`archived`) are rows like the others: what was theirs still names them. */
export const owners = defineStream<Settings>({
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
  about: {
    endpoint: 'GET /crm/owners/2026-09',
    scopes: ['crm.objects.owners.read'],
    deletes: 'every read is complete',
    requestsIdle: 3,
  },
  async *read({ http, settings }) {
    // Active, former, active again: whoever leaves or returns in between is in one of the lists in any case.
    for (const archived of [false, true, false]) {
      for await (const page of collectionPages(http, pathOf(settings, 'owners'), { limit: PAGE, archived })) {
        const records = page.map((owner) => ({ userId: null, teams: [], ...owner }));
        yield { type: 'records', stream: 'owners', records };
      }
    }
    yield { type: 'deletes', stream: 'owners', rule: { kind: 'absent' } };
  },
});
