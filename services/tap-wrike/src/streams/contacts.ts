import { column, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { getPage } from '../page.ts';
import type { Settings } from '../settings.ts';

/** People and groups. Removed people come as tombstones, because tasks and time logs still name them. */
export const contacts = defineStream<Settings>({
  name: 'contacts',
  keyProperties: ['id'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({
    id: column.key,
    firstName: column.string,
    lastName: column.string,
    type: column.string,
    profiles: column.array,
    avatarUrl: column.string,
    timezone: column.string,
    locale: column.string,
    deleted: column.boolean,
    me: column.boolean,
    memberIds: column.array,
    myTeam: column.boolean,
    title: column.string,
    companyName: column.string,
    phone: column.string,
    location: column.string,
    primaryEmail: column.string,
    _sdc_deleted_at: column.dateTime,
  }),
  read: async function* ({ http, startedAt }) {
    // Removed ones first: who is removed between the two requests is in neither and so gone, who is restored is in both and so there.
    const removed = await getPage(http, '/contacts', { deleted: true });
    const tombstones = removed.rows.map((row) => ({ ...row, _sdc_deleted_at: startedAt }));
    yield { type: 'records', stream: 'contacts', records: tombstones };
    const { rows } = await getPage(http, '/contacts', { deleted: false });
    yield { type: 'records', stream: 'contacts', records: rows };
    yield { type: 'deletes', stream: 'contacts', rule: { kind: 'absent' } };
  },
});
