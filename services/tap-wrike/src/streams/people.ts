import { column, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { AcceptedQuery } from '../reading/accepted-query.ts';
import { getPage } from '../reading/page.ts';
import type { Settings } from '../settings.ts';
import { idBridge } from './bridge.ts';
import { listStream } from './list-stream.ts';
import { refusedNotice } from './refused.ts';

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
    workScheduleId: column.string,
    customFields: column.array,
    _sdc_deleted_at: column.dateTime,
  }),
  about: {
    endpoint: 'GET /contacts',
    scopes: ['Default|amReadOnlyUser'],
    deletes: 'deleted=true, each read; their names stay',
    requestsIdle: 2,
  },
  read: async function* ({ http, startedAt }) {
    const accepted = new AcceptedQuery({ optionalFields: ['workScheduleId', 'customFields'], core: ['deleted'] });
    const people = (deleted: boolean) =>
      accepted.ask({ deleted }, (query) => getPage(http, '/contacts', query, { kind: 'contacts' }));
    // Removed ones first: who is removed between the two requests is in neither and so gone, who is restored is in both and so there.
    const removed = await people(true);
    const tombstones = removed.rows.map((row) => ({ ...row, _sdc_deleted_at: startedAt }));
    yield { type: 'records', stream: 'contacts', records: tombstones };
    const { rows } = await people(false);
    yield { type: 'records', stream: 'contacts', records: rows };
    yield { type: 'deletes', stream: 'contacts', rule: { kind: 'absent' } };
    yield* refusedNotice('contacts', accepted);
  },
});

export const groups = listStream({
  name: 'groups',
  path: '/groups',
  kind: 'groups',
  query: { pageSize: 1_000 },
  tokenParameter: 'pageToken',
  columns: {
    accountId: column.string,
    title: column.string,
    memberIds: column.array,
    childIds: column.array,
    parentIds: column.array,
    avatarUrl: column.string,
    myTeam: column.boolean,
  },
  bridges: [idBridge('group_members', 'groupId', 'contactId', ({ memberIds }) => memberIds)],
  about: { scopes: ['amReadOnlyGroup'] },
});
