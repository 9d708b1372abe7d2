import { column, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { getPage } from '../page.ts';
import type { Settings } from '../settings.ts';

export const account = defineStream<Settings>({
  name: 'account',
  keyProperties: ['id'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({
    id: column.key,
    name: column.string,
    dateFormat: column.string,
    firstDayOfWeek: column.string,
    workDays: column.array,
    rootFolderId: column.string,
    recycleBinId: column.string,
    createdDate: column.dateTime,
    joinedDate: column.dateTime,
  }),
  read: async function* ({ http }) {
    const { rows } = await getPage(http, '/account');
    yield { type: 'records', stream: 'account', records: rows };
    yield { type: 'deletes', stream: 'account', rule: { kind: 'absent' } };
  },
});
